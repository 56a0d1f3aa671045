#include <string>

#include "arrays.hpp"
#include "fastshesha/correlation.hpp"
#include "fastshesha/distance.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/feature_split.hpp"
#include "fastshesha/label_alignment.hpp"
#include "fastshesha/nearest.hpp"
#include "fastshesha/rdm_spearman.hpp"
#include "fastshesha/symmetric_eigenvalues.hpp"

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

Correlation bound_label_alignment(const DoubleArray& distances, const IndexArray& codes,
                                  int n_threads) {
    const std::vector<std::int64_t> labels = copy_indices(codes);
    require(static_cast<std::size_t>(distances.size()) == n_pairs(labels.size()),
            "distances must hold one value per pair of codes");
    const double* values = distances.data();
    return without_gil([&] { return label_alignment(values, labels, n_threads); });
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
               py::arg("n_threads"),
               "Spearman correlation of distances with the RDM of differing labels.");
    module.def("symmetric_eigenvalues", &bound_symmetric_eigenvalues, py::arg("matrices"),
               py::arg("n_threads"), "Eigenvalues of symmetric matrices, in rising order.");
    module.def("updated_eigenvalues", &bound_updated_eigenvalues, py::arg("matrix"),
               py::arg("vector"), "Eigenvalues of a matrix, and with vector vector^T added.");
    module.def("find_nearest", &bound_find_nearest, py::arg("queries"), py::arg("rows"),
               py::arg("metric"), py::arg("n_kept"), py::arg("n_threads"),
               "Nearest rows of every query, their distances, the largest squared norm of rows.");
}

}  // namespace fastshesha::python
