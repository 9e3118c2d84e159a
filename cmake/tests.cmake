# Tests, all of them run by CTest:
#   tests/unit/<folder>/…  one program a folder: unit_runtime, unit_compiler, unit_tools
#   tests/cases            the runner of the case files
#   tests/differential     random rules, evaluator against every tier
#   tests/architecture     the house rules, in Python, over the sources themselves
#   tests/support          what those programs share
#
# Programs run in the root of the project, so a test names its files as they are in the repository.
# unit_* and case_tests are discovered test by test (CTest then reports names, runs them side by
# side and isolates a crash), and at test time rather than build time, because a new case file
# changes the list without a new link. The differential is one entry: its seeds are its own business.

include(GoogleTest)

get_property(rooms GLOBAL PROPERTY SANKU_ROOMS)
sanku_room(tests/support DEPS ${rooms})

set(SANKU_TEST_ENVIRONMENT
    "ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=0"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "TSAN_OPTIONS=halt_on_error=1"
    "SANKU_CACHE=")  # never the user's

function(sanku_test_program name folder)
  sanku_program(${name} FROM ${folder}
                DEPS sanku_tests_support CLI11::CLI11 simdjson::simdjson GTest::gtest GTest::gtest_main)
endfunction()

function(sanku_discovered_tests name)
  if(NOT TARGET ${name})
    return()
  endif()
  gtest_discover_tests(${name}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 120
    TEST_PREFIX "${name}."
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    # A name that the filter does not find again would count as passed without having run.
    PROPERTIES FAIL_REGULAR_EXPRESSION "Running 0 tests"
               ENVIRONMENT "${SANKU_TEST_ENVIRONMENT}"
               TIMEOUT 600)
endfunction()

file(GLOB unit_folders CONFIGURE_DEPENDS LIST_DIRECTORIES true RELATIVE
     ${CMAKE_SOURCE_DIR}/tests/unit ${CMAKE_SOURCE_DIR}/tests/unit/*)
foreach(folder IN LISTS unit_folders)
  if(IS_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/unit/${folder})
    sanku_test_program(unit_${folder} tests/unit/${folder})
    sanku_discovered_tests(unit_${folder})
  endif()
endforeach()

sanku_test_program(case_tests tests/cases)
sanku_discovered_tests(case_tests)

sanku_test_program(differential_tests tests/differential)
if(TARGET differential_tests)
  add_test(NAME differential_tests COMMAND differential_tests
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(differential_tests PROPERTIES
    TIMEOUT 3600 ENVIRONMENT "${SANKU_TEST_ENVIRONMENT}")
endif()

# What is read of a pack file before anybody is trusted: with libFuzzer, or over its corpus.
if(SANKU_FUZZ)
  add_executable(fuzz_pack tests/fuzz/pack_target.cpp)
  target_include_directories(fuzz_pack PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(fuzz_pack PRIVATE sanku_tools_pack)
  target_link_options(fuzz_pack PRIVATE -fsanitize=fuzzer)
else()
  sanku_program(fuzz_replay FROM tests/fuzz DEPS sanku_tools_pack)
  add_test(NAME fuzz.corpus COMMAND fuzz_replay tests/fuzz/corpus
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endif()

# Scripts that run no program of ours, or only to see that a check can fail, are run once: not again
# with instrumented programs.
function(sanku_plain_test name)
  if(NOT SANKU_SANITIZE AND NOT SANKU_THREAD)
    add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endfunction()

if(EXISTS ${CMAKE_SOURCE_DIR}/tests/architecture/check_test.py)
  sanku_plain_test(architecture.house
                   ${Python3_EXECUTABLE} -B tests/architecture/check.py)
  sanku_plain_test(architecture.checker_can_fail
                   ${Python3_EXECUTABLE} -B tests/architecture/check_test.py)
endif()

# What a fixed run looks at and how many instructions it takes, without a clock.
add_test(NAME gates.work
         COMMAND ${Python3_EXECUTABLE} -B tests/gates/gates.py work $<TARGET_FILE:sanku>
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
sanku_plain_test(gates.can_fail
                 ${Python3_EXECUTABLE} -B tests/gates/gates_test.py)
if(NOT SANKU_SANITIZE AND NOT SANKU_THREAD)
  add_test(NAME gates.instructions
           COMMAND ${Python3_EXECUTABLE} -B tests/gates/gates.py instructions $<TARGET_FILE:sanku>
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(gates.instructions PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
endif()

# Data and layout, by the scripts that make them.
if(EXISTS ${CMAKE_SOURCE_DIR}/stdlib-rules/import.py)
  sanku_plain_test(stdlib_rules.import_is_fresh
                   ${Python3_EXECUTABLE} -B stdlib-rules/import.py --check)
  sanku_plain_test(stdlib_rules.import_can_fail
                   ${Python3_EXECUTABLE} -B stdlib-rules/import.py --self-test)
  sanku_plain_test(stdlib_rules.coverage_is_fresh
                   ${Python3_EXECUTABLE} -B stdlib-rules/coverage.py --check)
  # Each published row in a claim that is found and one that is not; one spoiled row is seen.
  add_test(NAME stdlib_rules.rows
           COMMAND ${Python3_EXECUTABLE} -B tests/library/rows.py $<TARGET_FILE:sanku>
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  sanku_plain_test(stdlib_rules.rows_can_fail
                   ${Python3_EXECUTABLE} -B tests/library/rows.py $<TARGET_FILE:sanku> --self-test)
  # The order of lines and settlements, split lines, files, batches and partitions change no amount.
  add_test(NAME stdlib_rules.laws
           COMMAND ${Python3_EXECUTABLE} -B tests/library/laws.py $<TARGET_FILE:sanku>
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  sanku_plain_test(stdlib_rules.laws_can_fail
                   ${Python3_EXECUTABLE} -B tests/library/laws.py $<TARGET_FILE:sanku> --self-test)
endif()
# Each feature of the language with the cases that prove it.
sanku_plain_test(grammar.coverage_is_fresh
                 ${Python3_EXECUTABLE} -B grammar/coverage.py --check)
sanku_plain_test(grammar.coverage_can_fail
                 ${Python3_EXECUTABLE} -B grammar/coverage.py --self-test)
sanku_plain_test(architecture.layout
                 ${CMAKE_SOURCE_DIR}/dev format --check)
