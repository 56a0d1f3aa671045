#include <string>

#include "arrays.hpp"
#include "fastshesha/average_ranks.hpp"
#include "fastshesha/correlation.hpp"
#include "fastshesha/distance.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/finite.hpp"

namespace fastshesha::python {
namespace {

Rounding rounding_of(bool exact) { return exact ? Rounding::exact : Rounding::fused; }

DoubleArray bound_condensed_distances(const py::array& X, const std::string& metric, int n_threads,
                                      bool exact) {
    const MatrixView view = view_matrix(X);
    const Metric parsed = parse_metric(metric);
    DoubleArray out(static_cast<py::ssize_t>(n_pairs(view.n_rows)));
    double* distances = out.mutable_data();
    without_gil(
        [&] { condensed_distances(view, parsed, n_threads, distances, rounding_of(exact)); });
    return out;
}

DoubleArray bound_cross_distances(const py::array& A, const py::array& B, const std::string& metric,
                                  int n_threads, bool exact) {
    const MatrixView rows = view_matrix(A);
    const MatrixView columns = view_matrix(B);
    const Metric parsed = parse_metric(metric);
    DoubleArray out({rows.n_rows, columns.n_rows});
    double* distances = out.mutable_data();
    without_gil(
        [&] { cross_distances(rows, columns, parsed, n_threads, distances, rounding_of(exact)); });
    return out;
}

DoubleArray bound_average_ranks(const DoubleArray& values) {
    require(values.ndim() == 1, "values must be one-dimensional");
    const auto n = static_cast<std::size_t>(values.size());
    const double* input = values.data();
    DoubleArray out(values.size());
    double* ranks = out.mutable_data();
    without_gil([&] { average_ranks(input, n, ranks); });
    return out;
}

Correlation bound_correlate(const DoubleArray& a, const DoubleArray& b, const std::string& method,
                            const std::string& undefined, int n_threads) {
    require(a.ndim() == 1 && b.ndim() == 1 && a.size() == b.size(),
            "a and b must be one-dimensional and of one length");
    const CorrelationMethod parsed_method = parse_correlation_method(method);
    const UndefinedPolicy policy = parse_undefined_policy(undefined);
    const double* first = a.data();
    const double* second = b.data();
    const auto n = static_cast<std::size_t>(a.size());
    return without_gil(
        [&] { return correlate(first, second, n, parsed_method, policy, n_threads); });
}

bool bound_all_finite(const py::array& X, int n_threads) {
    const MatrixView view = view_matrix(X);
    return without_gil([&] { return all_finite(view, n_threads); });
}

void bind_correlation_types(py::module_& module) {
    py::class_<Moments>(module, "Moments", "Summary of the values used in a correlation.")
        .def_readonly("mean", &Moments::mean)
        .def_readonly("std", &Moments::std)
        .def_readonly("minimum", &Moments::minimum)
        .def_readonly("maximum", &Moments::maximum);
    py::class_<Correlation>(module, "Correlation", "A correlation and what went into it.")
        .def_readonly("value", &Correlation::value)
        .def_readonly("n_pairs", &Correlation::n_pairs)
        .def_readonly("n_undefined", &Correlation::n_undefined)
        .def_readonly("a", &Correlation::a)
        .def_readonly("b", &Correlation::b);
}

}  // namespace

void bind_primitives(py::module_& module) {
    bind_correlation_types(module);
    module.def("condensed_distances", &bound_condensed_distances, py::arg("X"), py::arg("metric"),
               py::arg("n_threads"), py::arg("exact") = true,
               "Condensed distances, exact ones with the bits of SciPy's pdist.");
    module.def("cross_distances", &bound_cross_distances, py::arg("A"), py::arg("B"),
               py::arg("metric"), py::arg("n_threads"), py::arg("exact") = true,
               "Distances of every row of A to every row of B.");
    module.def("average_ranks", &bound_average_ranks, py::arg("values"),
               "Average ranks; any NaN makes all of them NaN.");
    module.def("correlate", &bound_correlate, py::arg("a"), py::arg("b"), py::arg("method"),
               py::arg("undefined"), py::arg("n_threads") = 1,
               "Correlation of two condensed vectors.");
    module.def("all_finite", &bound_all_finite, py::arg("X"), py::arg("n_threads"),
               "Whether no element is NaN or infinite.");
}

}  // namespace fastshesha::python
