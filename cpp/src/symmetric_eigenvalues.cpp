#include "fastshesha/symmetric_eigenvalues.hpp"

#include <Eigen/Eigenvalues>
#include <stdexcept>

#include "parallel.hpp"

namespace fastshesha {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Solver = Eigen::SelfAdjointEigenSolver<Matrix>;

/// Of a symmetric matrix, rows and columns may change places.
Eigen::Map<const Matrix> map_symmetric(const double* matrix, std::size_t order) {
    const auto size = static_cast<Eigen::Index>(order);
    return {matrix, size, size};
}

void store(const Solver& solver, double* values) {
    if (solver.info() != Eigen::Success) {
        throw std::runtime_error("the eigenvalues do not converge");
    }
    Eigen::Map<Vector>(values, solver.eigenvalues().size()) = solver.eigenvalues();
}

}  // namespace

void symmetric_eigenvalues(const double* matrices, std::size_t n_matrices, std::size_t order,
                           int n_threads, double* values) {
    parallel_for(n_matrices, n_threads, [&](std::size_t i, const Worker&) {
        const auto matrix = map_symmetric(matrices + i * order * order, order);
        store(Solver(matrix, Eigen::EigenvaluesOnly), values + i * order);
    });
}

void updated_eigenvalues(const double* matrix, const double* vector, std::size_t order,
                         double* values, double* updated_values) {
    Matrix turned = map_symmetric(matrix, order);
    const Eigen::Map<const Vector> added(vector, turned.rows());
    Vector essential(turned.rows() - 1);
    Vector workspace(turned.rows());
    double factor = 0.0;
    double length = 0.0;
    added.makeHouseholder(essential, factor, length);
    turned.applyHouseholderOnTheLeft(essential, factor, workspace.data());
    turned.applyHouseholderOnTheRight(essential, factor, workspace.data());
    const Eigen::Tridiagonalization<Matrix> reduced(turned);
    Vector diagonal = reduced.diagonal();
    const Vector beside = reduced.subDiagonal();
    Solver solver;
    store(solver.computeFromTridiagonal(diagonal, beside, Eigen::EigenvaluesOnly), values);
    diagonal[0] += length * length;
    store(solver.computeFromTridiagonal(diagonal, beside, Eigen::EigenvaluesOnly), updated_values);
}

}  // namespace fastshesha
