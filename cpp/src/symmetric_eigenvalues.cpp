#include "fastshesha/symmetric_eigenvalues.hpp"

#include <Eigen/Eigenvalues>
#include <stdexcept>

#include "parallel.hpp"

namespace fastshesha {

void symmetric_eigenvalues(const double* matrices, std::size_t n_matrices, std::size_t order,
                           int n_threads, double* values) {
    using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto size = static_cast<Eigen::Index>(order);
    parallel_for(n_matrices, n_threads, [&](std::size_t i, const Worker&) {
        const Eigen::Map<const Matrix> matrix(matrices + i * order * order, size, size);
        const Eigen::SelfAdjointEigenSolver<Matrix> solver(matrix, Eigen::EigenvaluesOnly);
        if (solver.info() != Eigen::Success) {
            throw std::runtime_error("the eigenvalues do not converge");
        }
        Eigen::Map<Eigen::VectorXd>(values + i * order, size) = solver.eigenvalues();
    });
}

}  // namespace fastshesha
