#include <algorithm>
#include <string>

#include "arrays.hpp"
#include "fastshesha/class_sums.hpp"
#include "fastshesha/column_sums.hpp"
#include "fastshesha/correlation.hpp"
#include "fastshesha/distance.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/feature_split.hpp"
#include "fastshesha/label_alignment.hpp"
#include "fastshesha/nearest.hpp"
#include "fastshesha/rdm_spearman.hpp"
#include "fastshesha/row_means.hpp"
#include "fastshesha/symmetric_eigenvalues.hpp"
#include "fastshesha/variance_ratio.hpp"

namespace fastshesha::python {
namespace {

py::tuple bound_feature_split_scores(const py::array& X, const IndexArray& first,
                                     const IndexArray& second, const std::string& metric,
                                     const std::string& undefined, int n_threads,
                                     std::size_t memory) {
    const MatrixView view = view_matrix(X);
    const HeldHalves halves(first, second, view.n_columns);
    const Metric parsed = parse_metric(metric);
    const UndefinedPolicy policy = parse_undefined_policy(undefined);
    DoubleArray scores(first.shape(0));
    IndexArray n_undefined(first.shape(0));
    double* score_data = scores.mutable_data();
    std::int64_t* undefined_data = n_undefined.mutable_data();
    without_gil([&] {
        feature_split_scores(view, halves.view(), parsed, policy, n_threads, memory, score_data,
                             undefined_data);
    });
    return py::make_tuple(scores, n_undefined);
}

py::object bound_rdm_spearman(const py::array& X, const py::array& Y, const std::string& metric,
                              int n_threads) {
    const MatrixView rows_x = view_matrix(X);
    const MatrixView rows_y = view_matrix(Y);
    const Metric parsed = parse_metric(metric);
    const auto rho = without_gil([&] { return rdm_spearman(rows_x, rows_y, parsed, n_threads); });
    return rho ? py::object(py::float_(*rho)) : py::none();
}

Correlation bound_label_alignment(const DoubleArray& distances, const IndexArray& codes) {
    const std::vector<std::int64_t> labels = copy_indices(codes);
    require(static_cast<std::size_t>(distances.size()) == n_pairs(labels.size()),
            "distances must hold one value per pair of codes");
    const double* values = distances.data();
    return without_gil([&] { return label_alignment(values, labels); });
}

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

DoubleArray bound_symmetric_eigenvalues(const DoubleArray& matrices, int n_threads) {
    require(matrices.ndim() == 3 && matrices.shape(1) == matrices.shape(2),
            "matrices must be of shape (n_matrices, order, order)");
    DoubleArray values({matrices.shape(0), matrices.shape(1)});
    const auto n_matrices = static_cast<std::size_t>(matrices.shape(0));
    const auto order = static_cast<std::size_t>(matrices.shape(1));
    const double* given = matrices.data();
    double* found = values.mutable_data();
    without_gil([&] { symmetric_eigenvalues(given, n_matrices, order, n_threads, found); });
    return values;
}

py::tuple bound_updated_eigenvalues(const DoubleArray& matrix, const DoubleArray& vector) {
    require(matrix.ndim() == 2 && vector.ndim() == 1 && matrix.shape(0) == matrix.shape(1) &&
                vector.shape(0) == matrix.shape(0) && vector.shape(0) > 0,
            "matrix must be of shape (order, order), vector of shape (order,)");
    DoubleArray values(matrix.shape(0));
    DoubleArray updated(matrix.shape(0));
    const auto order = static_cast<std::size_t>(matrix.shape(0));
    const double* given = matrix.data();
    const double* added = vector.data();
    double* found = values.mutable_data();
    double* found_updated = updated.mutable_data();
    without_gil([&] { updated_eigenvalues(given, added, order, found, found_updated); });
    return py::make_tuple(values, updated);
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

py::tuple bound_find_nearest(const py::array& queries, const py::array& rows,
                             const std::string& metric, std::size_t n_kept, int n_threads) {
    const MatrixView query_view = view_matrix(queries);
    const MatrixView row_view = view_matrix(rows);
    const Metric parsed = parse_metric(metric);
    IndexArray nearest({query_view.n_rows, n_kept});
    DoubleArray distances({query_view.n_rows, n_kept});
    const NearestRows found{n_kept, nearest.mutable_data(), distances.mutable_data()};
    const double largest_square =
        without_gil([&] { return find_nearest(query_view, row_view, parsed, n_threads, found); });
    return py::make_tuple(nearest, distances, largest_square);
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

}  // namespace

void bind_metrics(py::module_& module) {
    module.def("feature_split_scores", &bound_feature_split_scores, py::arg("X"), py::arg("first"),
               py::arg("second"), py::arg("metric"), py::arg("undefined"), py::arg("n_threads"),
               py::arg("memory"), "Scores and numbers of undefined pairs of feature splits.");
    module.def("split_work_bytes", &split_work_bytes, py::arg("n_samples"), py::arg("half_size"),
               "Bytes of work space that one feature split takes at most.");
    module.def("rdm_spearman", &bound_rdm_spearman, py::arg("X"), py::arg("Y"), py::arg("metric"),
               py::arg("n_threads"),
               "Spearman correlation of two RDMs, None where it needs exact distances.");
    module.def("label_alignment", &bound_label_alignment, py::arg("distances"), py::arg("codes"),
               "Spearman correlation of distances with the RDM of differing labels.");
    module.def("column_sums", &bound_column_sums, py::arg("X"), py::arg("centre"),
               py::arg("is_squared"), py::arg("n_threads"),
               "Sums of the deviations of every column from its centre, or of their squares.");
    module.def("variance_ratio", &bound_variance_ratio, py::arg("X"), py::arg("codes"),
               py::arg("n_classes"), py::arg("n_threads"),
               "Between-class over total sum of squares.");
    module.def("symmetric_eigenvalues", &bound_symmetric_eigenvalues, py::arg("matrices"),
               py::arg("n_threads"), "Eigenvalues of symmetric matrices, in rising order.");
    module.def("updated_eigenvalues", &bound_updated_eigenvalues, py::arg("matrix"),
               py::arg("vector"), "Eigenvalues of a matrix, and with vector vector^T added.");
    module.def("class_sums", &bound_class_sums, py::arg("X"), py::arg("order"),
               py::arg("class_ends"), py::arg("weights"), py::arg("n_threads"),
               "Weighted sums of the rows of every class, in every subset.");
    module.def("find_nearest", &bound_find_nearest, py::arg("queries"), py::arg("rows"),
               py::arg("metric"), py::arg("n_kept"), py::arg("n_threads"),
               "Nearest rows of every query, their distances, the largest squared norm of rows.");
    module.def("mean_rows", &bound_mean_rows, py::arg("rows"), py::arg("chosen"),
               py::arg("n_threads"), "Mean of each set of chosen rows.");
}

}  // namespace fastshesha::python
