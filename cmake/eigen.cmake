# The build requirement cmeel-eigen installs below site-packages/cmeel.prefix, which a plain
# find_package does not search: it would silently take a system Eigen.
if(FASTSHESHA_SYSTEM_EIGEN)
  find_package(Eigen3 3.4 CONFIG REQUIRED)
else()
  list(TRANSFORM CMAKE_PREFIX_PATH APPEND "/cmeel.prefix" OUTPUT_VARIABLE cmeel_prefixes)
  find_package(Eigen3 3.4 CONFIG REQUIRED PATHS ${cmeel_prefixes} NO_DEFAULT_PATH)
endif()
