#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "kernels/kernels.hpp"

namespace fastshesha {

/// What running sums of products have to be corrected by, half for half: products u_i u_j of the
/// entries of a few vectors, added or taken away.
class RankOneTerms {
public:
    RankOneTerms(std::size_t n_halves, const Kernels& kernels)
        : of_half_(n_halves), kernels_(kernels) {}

    /// `values` has an entry for every row, and for those that fill the last tile.
    void add(std::size_t half, double sign, std::vector<double> values) {
        of_half_[half].push_back({sign, std::move(values)});
    }

    std::size_t most_of_a_half() const;
    bool any_of(std::size_t half) const { return !of_half_[half].empty(); }

    /// Adds the terms of a half to the sums of row i of a tile.
    void apply(std::size_t half, std::size_t i, std::size_t first_column, double* sums) const {
        for (const Term& term : of_half_[half]) {
            kernels_.add_multiple(term.sign * term.values[i], term.values.data() + first_column,
                                  sums);
        }
    }

private:
    struct Term {
        double sign;
        std::vector<double> values;
    };

    std::vector<std::vector<Term>> of_half_;
    const Kernels& kernels_;
};

inline std::size_t RankOneTerms::most_of_a_half() const {
    std::size_t most = 0;
    for (const auto& terms : of_half_) {
        most = std::max(most, terms.size());
    }
    return most;
}

}  // namespace fastshesha
