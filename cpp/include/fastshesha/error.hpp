#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace fastshesha {

/// The caller asked to stop; the binding finds the pending Python exception behind it.
struct Interrupted : std::exception {
    const char* what() const noexcept override { return "interrupted"; }
};

/// Throws std::invalid_argument (a ValueError in Python) unless `condition` holds.
inline void require(bool condition, const char* message) {
    if (!condition) {
        throw std::invalid_argument(message);
    }
}

/// a * b, or std::length_error when the product does not fit.
inline std::size_t checked_multiply(std::size_t a, std::size_t b) {
    if (b != 0 && a > std::numeric_limits<std::size_t>::max() / b) {
        throw std::length_error("the size of a work buffer does not fit this machine's addresses");
    }
    return a * b;
}

}  // namespace fastshesha
