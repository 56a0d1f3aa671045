#include <string>
#include <vector>

#include <pybind11/stl.h>

#include "arrays.hpp"
#include "fastshesha/build_info.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/simd.hpp"
#include "fastshesha/threads.hpp"
#include "gil.hpp"

namespace fastshesha::python {
namespace {

std::vector<std::string> level_names() {
    std::vector<std::string> names;
    for (const SimdLevel level : supported_simd_levels()) {
        names.emplace_back(simd_level_name(level));
    }
    return names;
}

py::dict build_info() {
    py::dict info;
    info["compiler"] = compiler_description();
    info["openmp"] = openmp_description();
    info["eigen"] = eigen_version();
    info["build_type"] = build_type();
    return info;
}

/// True when a signal handler raised; the Python error stays set for translate_interrupt.
bool signal_pending() {
    const RetakenGil retaken;
    return PyErr_CheckSignals() != 0;
}

void translate_interrupt(std::exception_ptr thrown) {
    try {
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    } catch (const Interrupted&) {
        if (PyErr_Occurred() == nullptr) {
            PyErr_SetNone(PyExc_KeyboardInterrupt);
        }
    }
}

}  // namespace

void bind_environment(py::module_& module) {
    install_fork_guard();
    set_interrupt_poll(signal_pending);
    py::register_exception_translator(translate_interrupt);
    module.def("supported_simd_levels", &level_names,
               "Levels compiled in and run by this CPU, lowest first.");
    module.def(
        "active_simd_level", [] { return std::string(simd_level_name(active_simd_level())); },
        "The level in use.");
    module.def(
        "_force_simd_level", [](const std::string& level) { force_simd_level(level); },
        py::arg("level"), "Test hook: switch the level of this process.");
    module.def("build_info", &build_info, "Compiler, OpenMP runtime, Eigen, build type.");
    module.def("openmp_max_threads", &openmp_max_threads,
               "What the OpenMP runtime would use; 1 without OpenMP.");
    module.def("in_forked_child", &in_forked_child,
               "Whether this process was forked after the module was loaded.");
}

}  // namespace fastshesha::python
