#include "arrays.hpp"

PYBIND11_MODULE(_core, module) {
    module.doc() = "The compiled core of fastshesha. Private: use the functions of fastshesha.";
    fastshesha::python::bind_environment(module);
    fastshesha::python::bind_primitives(module);
    fastshesha::python::bind_metrics(module);
    fastshesha::python::bind_row_sums(module);
    fastshesha::python::bind_moments(module);
    fastshesha::python::bind_bootstrap(module);
    fastshesha::python::bind_stream(module);
}
