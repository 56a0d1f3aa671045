#include <utility>

#include "arrays.hpp"
#include "fastshesha/distance_moments.hpp"
#include "fastshesha/error.hpp"

namespace fastshesha::python {
namespace {

using Pair = std::pair<double, double>;

DoubleArray bound_distance_moments(const py::array& A, const py::array& B, const Pair& centres,
                                   const Pair& scales, std::size_t n_blocks, std::size_t first_tile,
                                   std::size_t last_tile, int n_threads) {
    const MomentSide a{view_matrix(A), centres.first, scales.first};
    const MomentSide b{view_matrix(B), centres.second, scales.second};
    require(first_tile <= last_tile, "no such tiles");
    std::vector<DistanceMoments> found(last_tile - first_tile);
    without_gil(
        [&] { distance_moments(a, b, n_blocks, first_tile, last_tile, n_threads, found.data()); });
    DoubleArray out({found.size(), std::size_t{5}});
    double* to = out.mutable_data();
    for (const DistanceMoments& sums : found) {
        for (const double sum : {sums.a, sums.b, sums.aa, sums.ab, sums.bb}) {
            *to++ = sum;
        }
    }
    return out;
}

}  // namespace

void bind_moments(py::module_& module) {
    module.def("distance_moments", &bound_distance_moments, py::arg("A"), py::arg("B"),
               py::arg("centres"), py::arg("scales"), py::arg("n_blocks"), py::arg("first_tile"),
               py::arg("last_tile"), py::arg("n_threads"),
               "Sums of Euclidean distances of two matrices, of their squares and products.");
}

}  // namespace fastshesha::python
