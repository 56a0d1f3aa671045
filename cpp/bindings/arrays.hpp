#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <vector>

#include "fastshesha/feature_split.hpp"
#include "fastshesha/float_environment.hpp"
#include "fastshesha/matrix_view.hpp"
#include "gil.hpp"

namespace fastshesha::python {

namespace py = pybind11;

using DoubleArray = py::array_t<double, py::array::c_style | py::array::forcecast>;
using IndexArray = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>;

/// View of a two-dimensional array of a supported dtype in native byte order, without a copy.
MatrixView view_matrix(const py::array& X);

/// A private copy: indices are checked once and must not change under the kernels.
std::vector<std::int64_t> copy_indices(const IndexArray& indices);

/// Runs one core call without the GIL, in a known floating-point mode.
template <class Call>
auto without_gil(const Call& call) {
    const ReleasedGil released;
    const FloatEnvironment environment;
    return call();
}

/// Index halves of the features, checked once and held for the kernels.
class HeldHalves {
public:
    HeldHalves(const IndexArray& first, const IndexArray& second, std::size_t n_columns);
    FeatureHalves view() const;

private:
    std::vector<std::int64_t> first_;
    std::vector<std::int64_t> second_;
    std::size_t n_splits_;
    std::size_t half_size_;
};

void bind_bootstrap(py::module_& module);
void bind_environment(py::module_& module);
void bind_primitives(py::module_& module);
void bind_metrics(py::module_& module);
void bind_row_sums(py::module_& module);
void bind_moments(py::module_& module);
void bind_stream(py::module_& module);

}  // namespace fastshesha::python
