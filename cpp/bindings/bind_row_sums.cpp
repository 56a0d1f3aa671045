#include <algorithm>
#include <utility>

#include "arrays.hpp"
#include "fastshesha/class_sums.hpp"
#include "fastshesha/column_sums.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/row_means.hpp"
#include "fastshesha/unit_rows.hpp"
#include "fastshesha/variance_ratio.hpp"

namespace fastshesha::python {
namespace {

double bound_variance_ratio(const py::array& X, const IndexArray& codes, std::size_t n_classes,
                            int n_threads) {
    const MatrixView view = view_matrix(X);
    const std::vector<std::int64_t> classes = copy_indices(codes);
    return without_gil([&] { return variance_ratio(view, classes, n_classes, n_threads); });
}

DoubleArray bound_column_sums(const py::array& X, const DoubleArray& centre, bool is_squared,
                              int n_threads) {
    const MatrixView view = view_matrix(X);
    require(centre.ndim() == 1 && centre.shape(0) == X.shape(1),
            "centre must hold one value per column");
    DoubleArray out(X.shape(1));
    const Deviation deviation = is_squared ? Deviation::squared : Deviation::plain;
    const double* centres = centre.data();
    double* sums = out.mutable_data();
    without_gil([&] { column_sums(view, centres, deviation, n_threads, sums); });
    return out;
}

DoubleArray bound_class_sums(const py::array& X, const IndexArray& order,
                             const IndexArray& class_ends, const DoubleArray& weights,
                             int n_threads) {
    const MatrixView view = view_matrix(X);
    const std::vector<std::int64_t> rows = copy_indices(order);
    const std::vector<std::int64_t> ends = copy_indices(class_ends);
    require(weights.ndim() == 2 && weights.shape(0) == order.size(),
            "weights must hold one row for each of order");
    const auto n_rows = static_cast<std::int64_t>(view.n_rows);
    require(std::all_of(rows.begin(), rows.end(), [=](auto i) { return i >= 0 && i < n_rows; }),
            "order must hold rows of X");
    require(std::is_sorted(ends.begin(), ends.end()) && !ends.empty() && ends.front() >= 0 &&
                ends.back() == order.size(),
            "class_ends must rise to the length of order");
    const WeightedClasses classes{view, rows, ends, weights.data(),
                                  static_cast<std::size_t>(weights.shape(1))};
    DoubleArray out({class_ends.size(), weights.shape(1), X.shape(1)});
    double* sums = out.mutable_data();
    without_gil([&] { class_sums(classes, n_threads, sums); });
    return out;
}

DoubleArray bound_mean_rows(const py::array& rows, const IndexArray& chosen, int n_threads) {
    const MatrixView view = view_matrix(rows);
    const std::vector<std::int64_t> indices = copy_indices(chosen);
    const auto n_rows = static_cast<std::int64_t>(view.n_rows);
    require(chosen.ndim() == 2 && chosen.shape(1) > 0, "chosen must be of shape (n_means, n > 0)");
    require(
        std::all_of(indices.begin(), indices.end(), [=](auto i) { return i >= 0 && i < n_rows; }),
        "chosen must hold rows");
    const auto n_means = static_cast<std::size_t>(chosen.shape(0));
    const auto n_chosen = static_cast<std::size_t>(chosen.shape(1));
    DoubleArray means({n_means, view.n_columns});
    double* out = means.mutable_data();
    without_gil([&] { mean_rows(view, indices.data(), n_means, n_chosen, n_threads, out); });
    return means;
}

std::pair<DoubleArray, bool> bound_unit_rows(const py::array& X, double smallest_norm,
                                             int n_threads) {
    const MatrixView view = view_matrix(X);
    DoubleArray unit({view.n_rows, view.n_columns});
    double* out = unit.mutable_data();
    const bool are_finite =
        without_gil([&] { return unit_rows(view, smallest_norm, n_threads, out); });
    return {unit, are_finite};
}

}  // namespace

void bind_row_sums(py::module_& module) {
    module.def("column_sums", &bound_column_sums, py::arg("X"), py::arg("centre"),
               py::arg("is_squared"), py::arg("n_threads"),
               "Sums of the deviations of every column from its centre, or of their squares.");
    module.def("variance_ratio", &bound_variance_ratio, py::arg("X"), py::arg("codes"),
               py::arg("n_classes"), py::arg("n_threads"),
               "Between-class over total sum of squares.");
    module.def("class_sums", &bound_class_sums, py::arg("X"), py::arg("order"),
               py::arg("class_ends"), py::arg("weights"), py::arg("n_threads"),
               "Weighted sums of the rows of every class, in every subset.");
    module.def("mean_rows", &bound_mean_rows, py::arg("rows"), py::arg("chosen"),
               py::arg("n_threads"), "Mean of each set of chosen rows.");
    module.def("unit_rows", &bound_unit_rows, py::arg("X"), py::arg("smallest_norm"),
               py::arg("n_threads"),
               "Rows divided by their norm, or by the smallest; whether all norms are finite.");
}

}  // namespace fastshesha::python
