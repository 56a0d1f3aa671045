#include "row_classes.hpp"

#include <array>
#include <bit>
#include <span>
#include <unordered_map>

#include "row_loop.hpp"

namespace fastshesha {
namespace {

/// Of the values' bits, in lanes that do not wait for each other.
std::uint64_t hash_of(std::span<const double> values) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u;
    std::array<std::uint64_t, 4> lanes{1, 2, 3, 4};
    const auto mix = [&](std::size_t lane, double value) {
        const std::uint64_t mixed = (lanes[lane] ^ std::bit_cast<std::uint64_t>(value)) * odd;
        lanes[lane] = mixed ^ mixed >> 32;
    };
    std::size_t k = 0;
    for (; k + lanes.size() <= values.size(); k += lanes.size()) {
#pragma GCC unroll 4
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            mix(lane, values[k + lane]);
        }
    }
    for (; k < values.size(); ++k) {
        mix(k % lanes.size(), values[k]);
    }
    return ((lanes[0] * odd + lanes[1]) * odd + lanes[2]) * odd + lanes[3];
}

std::vector<std::uint64_t> hash_rows(const MatrixView& X, int n_threads) {
    std::vector<std::uint64_t> hashes(X.n_rows);
    for_rows(X.n_rows, X.n_columns, n_threads, [&](std::size_t i, double* scratch) {
        hashes[i] = hash_of({view_row(X, i, 0, X.n_columns, scratch), X.n_columns});
    });
    return hashes;
}

}  // namespace

RowClasses classify_rows(const MatrixView& X, int n_threads) {
    const std::vector<std::uint64_t> hashes = hash_rows(X, n_threads);
    RowClasses found;
    found.of_row.reserve(X.n_rows);
    std::unordered_map<std::uint64_t, std::uint32_t> class_of_hash;
    std::vector<double> row(X.n_columns);
    std::vector<double> known(X.n_columns);
    const auto are_equal = [&](std::size_t i, std::size_t other) {
        read_row(X, i, 0, row.size(), row.data());
        read_row(X, other, 0, known.size(), known.data());
        return row == known;
    };
    for (std::size_t i = 0; i < X.n_rows; ++i) {
        const auto next = static_cast<std::uint32_t>(found.n_classes());
        const auto [entry, is_new] = class_of_hash.try_emplace(hashes[i], next);
        if (!is_new && are_equal(i, found.first_row[entry->second])) {
            found.of_row.push_back(entry->second);
            ++found.sizes[entry->second];
        } else {
            found.of_row.push_back(next);
            found.first_row.push_back(i);
            found.sizes.push_back(1);
        }
    }
    return found;
}

}  // namespace fastshesha
