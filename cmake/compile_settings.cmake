# Every target of ours is compiled with the same settings; only the kernel objects add -m flags.
function(fastshesha_compile_settings target)
  target_compile_options(
    ${target}
    PRIVATE -O3
            -Wall
            -Wextra
            -Wconversion
            -Wshadow
            # A fused multiply-add rounds once where SciPy rounds twice.
            -ffp-contract=off
            # Only drops errno and exception flags; results keep their bits.
            -fno-math-errno
            -fno-trapping-math)
  if(FASTSHESHA_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
