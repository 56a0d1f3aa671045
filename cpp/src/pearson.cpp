#include "pearson.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "pairwise_mean.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t block = 4096;
constexpr std::size_t n_lanes = 4;
// Beyond, powers of two overflow or lose digits.
constexpr int largest_exponent = 1000;

/// One side of Pearson's r: deviations from the mean, scaled by the power of two that keeps their
/// products from overflow and from vanishing. It rounds nothing that counts. The mean has numpy's
/// bits: where the values hardly differ next to their size, its rounding decides the result.
class ScaledDeviations {
public:
    ScaledDeviations() = default;
    ScaledDeviations(const double* values, std::size_t n, const Moments& moments)
        : values_(values), mean_(pairwise_mean(values, n)) {
        const double largest = std::max(moments.maximum - mean_, mean_ - moments.minimum);
        scale_ =
            std::ldexp(1.0, -std::clamp(std::ilogb(largest), -largest_exponent, largest_exponent));
    }

    double operator[](std::size_t i) const { return (values_[i] - mean_) * scale_; }

private:
    const double* values_ = nullptr;
    double mean_ = 0.0;
    double scale_ = 1.0;
};

/// Sums of products of two sides.
struct ProductSums {
    double aa = 0.0;
    double bb = 0.0;
    double ab = 0.0;
};

/// Over pairs [begin, end), in lanes of fixed order.
ProductSums sum_products(const ScaledDeviations& a, const ScaledDeviations& b, std::size_t begin,
                         std::size_t end) {
    double aa[n_lanes] = {};
    double bb[n_lanes] = {};
    double ab[n_lanes] = {};
    const auto add = [&](std::size_t i, std::size_t lane) {
        const double x = a[i];
        const double y = b[i];
        aa[lane] += x * x;
        bb[lane] += y * y;
        ab[lane] += x * y;
    };
    std::size_t i = begin;
    for (; i + n_lanes <= end; i += n_lanes) {
        for (std::size_t lane = 0; lane < n_lanes; ++lane) {
            add(i + lane, lane);
        }
    }
    for (; i < end; ++i) {
        add(i, 0);
    }
    const auto total = [](const double* lanes) {
        return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    };
    return {total(aa), total(bb), total(ab)};
}

}  // namespace

double pearson(const double* a, const double* b, std::size_t n, const Moments& of_a,
               const Moments& of_b, int n_threads) {
    const double* const values[] = {a, b};
    const Moments* const moments[] = {&of_a, &of_b};
    ScaledDeviations sides[2];
    parallel_for(2, n_threads, [&](std::size_t s, const Worker&) {
        sides[s] = ScaledDeviations(values[s], n, *moments[s]);
    });
    std::vector<ProductSums> blocks((n + block - 1) / block);
    parallel_for(blocks.size(), n_threads, [&](std::size_t k, const Worker&) {
        blocks[k] = sum_products(sides[0], sides[1], k * block, std::min(n, (k + 1) * block));
    });
    ProductSums sums;
    for (const ProductSums& of_block : blocks) {
        sums.aa += of_block.aa;
        sums.bb += of_block.bb;
        sums.ab += of_block.ab;
    }
    return std::clamp(sums.ab / (std::sqrt(sums.aa) * std::sqrt(sums.bb)), -1.0, 1.0);
}

}  // namespace fastshesha
