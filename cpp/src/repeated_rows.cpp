#include "repeated_rows.hpp"

#include <array>
#include <bit>
#include <unordered_map>
#include <utility>

namespace fastshesha {
namespace {

/// Of the values' bits, in lanes that do not wait for each other.
std::uint64_t hash_of(const std::vector<double>& values) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u;
    std::array<std::uint64_t, 4> lanes{1, 2, 3, 4};
    for (std::size_t k = 0; k < values.size(); ++k) {
        std::uint64_t& lane = lanes[k % lanes.size()];
        lane = (lane ^ std::bit_cast<std::uint64_t>(values[k])) * odd;
        lane ^= lane >> 32;
    }
    return ((lanes[0] * odd + lanes[1]) * odd + lanes[2]) * odd + lanes[3];
}

}  // namespace

MatrixView RepeatedRows::distinct() const {
    MatrixView view;
    view.data = reinterpret_cast<const std::byte*>(values.data());
    view.n_rows = counts.size();
    view.n_columns = n_columns;
    view.row_stride = static_cast<std::ptrdiff_t>(n_columns * sizeof(double));
    view.column_stride = sizeof(double);
    return view;
}

std::optional<RepeatedRows> find_repeated_rows(const MatrixView& X) {
    const std::size_t n = X.n_columns;
    std::unordered_map<std::uint64_t, std::size_t> place_of_hash;
    std::vector<std::size_t> first_of;
    std::vector<std::uint32_t> counts;
    std::vector<double> row(n);
    std::vector<double> known(n);
    for (std::size_t i = 0; i < X.n_rows; ++i) {
        read_row(X, i, 0, n, row.data());
        const auto [entry, is_new] = place_of_hash.try_emplace(hash_of(row), counts.size());
        if (is_new) {
            first_of.push_back(i);
            counts.push_back(1);
        } else {
            read_row(X, first_of[entry->second], 0, n, known.data());
            if (row != known) {
                // Two rows of one hash are not worth more code.
                return std::nullopt;
            }
            ++counts[entry->second];
        }
        if (2 * counts.size() > X.n_rows) {
            return std::nullopt;
        }
    }
    RepeatedRows found{n, std::vector<double>(n * counts.size()), std::move(counts)};
    for (std::size_t place = 0; place < first_of.size(); ++place) {
        read_row(X, first_of[place], 0, n, found.values.data() + place * n);
    }
    return found;
}

}  // namespace fastshesha
