#include "fastshesha/bootstrap.hpp"

#include <algorithm>
#include <string>

#include "arrays.hpp"
#include "fastshesha/distance.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/resampled_systems.hpp"

namespace fastshesha::python {
namespace {

using CountArray = py::array_t<std::uint8_t, py::array::c_style>;

Resamples view_resamples(const CountArray& counts, bool self_pairs) {
    require(counts.ndim() == 2, "counts must be two-dimensional");
    return {counts.data(), static_cast<std::size_t>(counts.shape(0)),
            static_cast<std::size_t>(counts.shape(1)), self_pairs};
}

py::tuple bound_bootstrap_correlations(const DoubleArray& a, const DoubleArray& b,
                                       const CountArray& counts, bool self_pairs,
                                       const std::string& method, const std::string& undefined,
                                       int n_threads) {
    const Resamples resamples = view_resamples(counts, self_pairs);
    const auto n_values = static_cast<py::ssize_t>(resamples.n_values());
    require(a.size() == n_values && b.size() == n_values, "a and b must hold what counts asks for");
    const CorrelationMethod parsed_method = parse_correlation_method(method);
    const UndefinedPolicy policy = parse_undefined_policy(undefined);
    DoubleArray values(counts.shape(0));
    IndexArray n_undefined(counts.shape(0));
    const double* sides[] = {a.data(), b.data()};
    double* value_data = values.mutable_data();
    std::int64_t* undefined_data = n_undefined.mutable_data();
    without_gil([&] {
        bootstrap_correlations(sides[0], sides[1], resamples, parsed_method, policy, n_threads,
                               value_data, undefined_data);
    });
    return py::make_tuple(values, n_undefined);
}

py::tuple bound_bootstrap_splits(const py::array& X, const IndexArray& first,
                                 const IndexArray& second, const std::string& metric,
                                 const CountArray& counts, bool self_pairs,
                                 const std::string& undefined, int n_threads) {
    const MatrixView view = view_matrix(X);
    const HeldHalves halves(first, second, view.n_columns);
    const Resamples resamples = view_resamples(counts, self_pairs);
    require(resamples.n_samples == view.n_rows, "counts must hold one column per row of X");
    const Metric parsed = parse_metric(metric);
    const UndefinedPolicy policy = parse_undefined_policy(undefined);
    DoubleArray values({first.shape(0), counts.shape(0)});
    IndexArray n_undefined({first.shape(0), counts.shape(0)});
    double* value_data = values.mutable_data();
    std::int64_t* undefined_data = n_undefined.mutable_data();
    without_gil([&] {
        bootstrap_splits(view, halves.view(), parsed, resamples, policy, n_threads, value_data,
                         undefined_data);
    });
    return py::make_tuple(values, n_undefined);
}

DoubleArray bound_self_distances(const py::array& X, const std::string& metric) {
    const MatrixView view = view_matrix(X);
    const Metric parsed = parse_metric(metric);
    DoubleArray out(static_cast<py::ssize_t>(view.n_rows));
    double* distances = out.mutable_data();
    without_gil([&] { self_distances(view, parsed, distances); });
    return out;
}

DoubleArray bound_solve_resampled(const DoubleArray& products, const IndexArray& classes,
                                  const DoubleArray& scales, const DoubleArray& shifts,
                                  const DoubleArray& right, double ridge, int n_threads) {
    const std::vector<std::int64_t> codes = copy_indices(classes);
    const py::ssize_t n = classes.size();
    require(products.size() == n * n, "products must hold one value per pair of classes");
    require(scales.ndim() == 2 && scales.shape(1) == n && right.size() == scales.size() &&
                shifts.size() == 2 * scales.size(),
            "scales, right and shifts must hold a row, a row and two for each resample");
    require(std::all_of(codes.begin(), codes.end(), [](auto c) { return c == 0 || c == 1; }),
            "classes must be 0 or 1");
    const ResampledSystems systems{products.data(),
                                   codes,
                                   static_cast<std::size_t>(scales.shape(0)),
                                   scales.data(),
                                   shifts.data(),
                                   right.data(),
                                   ridge};
    DoubleArray out({scales.shape(0), n});
    double* solutions = out.mutable_data();
    without_gil([&] { solve_resampled(systems, n_threads, solutions); });
    return out;
}

}  // namespace

void bind_bootstrap(py::module_& module) {
    module.def("bootstrap_correlations", &bound_bootstrap_correlations, py::arg("a"), py::arg("b"),
               py::arg("counts"), py::arg("self_pairs"), py::arg("method"), py::arg("undefined"),
               py::arg("n_threads"),
               "Correlation of two RDMs in every replicate, and its undefined pairs.");
    module.def("bootstrap_splits", &bound_bootstrap_splits, py::arg("X"), py::arg("first"),
               py::arg("second"), py::arg("metric"), py::arg("counts"), py::arg("self_pairs"),
               py::arg("undefined"), py::arg("n_threads"),
               "Scores of feature splits in every replicate, and their undefined pairs.");
    module.def("self_distances", &bound_self_distances, py::arg("X"), py::arg("metric"),
               "Distance of every row to a copy of itself, with the bits of SciPy's pdist.");
    module.def("solve_resampled", &bound_solve_resampled, py::arg("products"), py::arg("classes"),
               py::arg("scales"), py::arg("shifts"), py::arg("right"), py::arg("ridge"),
               py::arg("n_threads"),
               "Solutions of the systems in products of samples that resamples lead to.");
}

}  // namespace fastshesha::python
