#include "fastshesha/average_ranks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ranker.hpp"

namespace fastshesha {
namespace {

class RankWriter final : public RankSink {
public:
    explicit RankWriter(double* ranks) : ranks_(ranks) {}
    void accept(const std::uint32_t* positions, const std::uint32_t* doubled_ranks,
                std::size_t n) override {
        for (std::size_t i = 0; i < n; ++i) {
            ranks_[positions[i]] = 0.5 * static_cast<double>(doubled_ranks[i]);
        }
    }

private:
    double* ranks_;
};

}  // namespace

void average_ranks(const double* values, std::size_t n, double* ranks) {
    if (std::any_of(values, values + n, [](double value) { return std::isnan(value); })) {
        std::fill_n(ranks, n, std::numeric_limits<double>::quiet_NaN());
        return;
    }
    RankWriter writer(ranks);
    Ranker().rank(values, n, writer);
}

}  // namespace fastshesha
