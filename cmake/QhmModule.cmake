# How a folder of src/ becomes objects, libraries, the command and tests.
#
# Drop x.c into a module's folder and it is built; x.test.c and it is a test; x.bench.c and
# `make bench` runs it; x_kernels.c and it is compiled once per precision and instruction set.

add_library(qhm_flags INTERFACE)
target_compile_features(qhm_flags INTERFACE c_std_17)
target_compile_options(qhm_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wvla -Wundef -ffp-contract=off -fno-math-errno -fno-trapping-math
  -fvisibility=hidden)
target_compile_definitions(qhm_flags INTERFACE _GNU_SOURCE QHM_VERSION="${PROJECT_VERSION}")
target_include_directories(qhm_flags INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)

set(QHM_ISA_LEVELS baseline)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  list(APPEND QHM_ISA_LEVELS avx2 avx512)
endif()
# Exactly the features that base/cpu.c tests for, so that the two cannot disagree.
set(QHM_ISA_FLAGS_baseline "")
set(QHM_ISA_FLAGS_avx2 -mavx2 -mfma)
set(QHM_ISA_FLAGS_avx512 -mavx2 -mfma -mavx512f -mavx512dq -mavx512vl -mavx512bw
    -mprefer-vector-width=512)

set_property(GLOBAL PROPERTY QHM_OBJECT_TARGETS)
set_property(GLOBAL PROPERTY QHM_MODULES)

function(qhm_object_library target)
  add_library(${target} OBJECT ${ARGN})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${target} PRIVATE qhm_flags qhm_dependencies)
  set_property(GLOBAL APPEND PROPERTY QHM_OBJECT_TARGETS ${target})
endfunction()

# Each object of a kernel file exports one const table, named <file>_<isa>_<precision>.
function(qhm_add_kernels file)
  get_filename_component(name ${file} NAME_WE)
  # Fused multiply-adds where the instruction set has them. A source's options come last, after
  # the -ffp-contract=off of all others.
  set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS -ffp-contract=fast)
  foreach(isa IN LISTS QHM_ISA_LEVELS)
    foreach(precision float double)
      set(target ${name}_${isa}_${precision})
      qhm_object_library(${target} ${file})
      target_compile_definitions(${target} PRIVATE
        QHM_REAL=${precision} QHM_REAL_IS_${precision}=1 QHM_TABLE=qhm_${target})
      target_compile_options(${target} PRIVATE -O3 ${QHM_ISA_FLAGS_${isa}})
    endforeach()
  endforeach()
endfunction()

function(qhm_add_module module)
  set(folder ${PROJECT_SOURCE_DIR}/src/${module})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.c)
  set(kernels ${sources})
  list(FILTER kernels INCLUDE REGEX "_kernels\\.c$")
  list(FILTER sources EXCLUDE REGEX "(_kernels|\\.test|\\.bench)\\.c$")
  if(sources)
    qhm_object_library(qhm_${module} ${sources})
  endif()
  foreach(file IN LISTS kernels)
    qhm_add_kernels(${file})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY QHM_MODULES ${module})
endfunction()

# Objects once, libraries twice: the shared one for users, the static one for tests of internals.
function(qhm_add_libraries)
  get_property(targets GLOBAL PROPERTY QHM_OBJECT_TARGETS)
  list(TRANSFORM targets REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE objects)

  add_library(qhm SHARED ${objects})
  add_library(qhm::qhm ALIAS qhm)
  set_target_properties(qhm PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    LINKER_LANGUAGE C)
  target_link_libraries(qhm PRIVATE qhm_dependencies)
  target_link_options(qhm PRIVATE LINKER:--exclude-libs,ALL) # static libraries stay inside
  target_include_directories(qhm PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

  add_library(qhm_static STATIC ${objects})
  set_target_properties(qhm_static PROPERTIES LINKER_LANGUAGE C)
  target_link_libraries(qhm_static PUBLIC qhm_dependencies)
endfunction()

# The command sees the public headers only, as any user's program does.
function(qhm_add_command)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/cli/*.c)
  list(FILTER sources EXCLUDE REGEX "\\.test\\.c$")
  if(sources)
    add_executable(qhm_command ${sources})
    set_target_properties(qhm_command PROPERTIES OUTPUT_NAME qhm)
    target_link_libraries(qhm_command PRIVATE qhm_flags qhm PkgConfig::QHM_PACKAGES m)
  endif()
endfunction()

# What QIR programs link or load; it too sees the public headers only.
function(qhm_add_qir_runtime)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/qir/*.c)
  add_library(qhm_qir SHARED ${sources})
  set_target_properties(qhm_qir PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_link_libraries(qhm_qir PRIVATE qhm_flags qhm)
endfunction()

# Tests that numbers do not depend on the locale need one whose decimal point is a comma.
function(qhm_add_german_locale)
  set(folder ${PROJECT_BINARY_DIR}/locales)
  if(NOT EXISTS ${folder}/de_DE.UTF-8/LC_NUMERIC)
    file(MAKE_DIRECTORY ${folder})
    execute_process(COMMAND localedef -i de_DE -f UTF-8 ${folder}/de_DE.UTF-8
      RESULT_VARIABLE failed ERROR_VARIABLE message)
    if(failed)
      message(FATAL_ERROR "localedef failed; tools/install-packages installs what it needs\n${message}")
    endif()
  endif()
endfunction()

function(qhm_add_tests)
  find_library(QHM_CMOCKA NAMES cmocka REQUIRED)
  qhm_add_german_locale()
  # What several tests share: plain reference implementations.
  file(GLOB support CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/support/*.c)
  add_library(qhm_test_support STATIC ${support})
  target_link_libraries(qhm_test_support PUBLIC qhm_flags qhm_static ${QHM_CMOCKA})
  target_include_directories(qhm_test_support PUBLIC ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(qhm_test_support PUBLIC
    QHM_SOURCE_DIR="${PROJECT_SOURCE_DIR}" QHM_BINARY_DIR="${PROJECT_BINARY_DIR}")

  get_property(modules GLOBAL PROPERTY QHM_MODULES)
  foreach(module IN LISTS modules)
    file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${module}/*.test.c)
    foreach(file IN LISTS tests)
      get_filename_component(name ${file} NAME_WE)
      add_executable(${name}.test ${file})
      target_link_libraries(${name}.test PRIVATE qhm_test_support)
      add_test(NAME ${module}/${name} COMMAND ${name}.test)
      set_tests_properties(${module}/${name} PROPERTIES TIMEOUT 300
        ENVIRONMENT "OMP_WAIT_POLICY=passive") # tests share the cores: waiting must not burn them
    endforeach()
    file(GLOB_RECURSE benches CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${module}/*.bench.c)
    foreach(file IN LISTS benches)
      get_filename_component(name ${file} NAME_WE)
      add_executable(${name}.bench ${file})
      target_link_libraries(${name}.bench PRIVATE qhm_flags qhm_static)
      set_property(GLOBAL APPEND PROPERTY QHM_BENCHES ${name}.bench)
    endforeach()
  endforeach()
  get_property(benches GLOBAL PROPERTY QHM_BENCHES)
  set(commands)
  foreach(bench IN LISTS benches)
    list(APPEND commands COMMAND ${bench})
  endforeach()
  add_custom_target(bench
    COMMAND ${CMAKE_COMMAND} -E echo "QHM benches: ratios within a run count, seconds do not"
    ${commands} USES_TERMINAL)
endfunction()
