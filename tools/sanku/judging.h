// What commands share that judge claims: how code is had, what is told of it, how claims come in.
// Entries: start_options, tell_started, claim_ports, open_history, known_days. Tested by
// tests/unit/tools/command_test.cpp.
#pragma once

#include "tools/engine/run.h"
#include "tools/engine/start.h"
#include "tools/sanku/command.h"
#include "tools/sanku/input.h"

#include <memory>
#include <string>

namespace sanku::command {

inline constexpr std::uint32_t most_threads = 256;

// What is wrong with --threads, --memory or --batch, if anything.
[[nodiscard]] std::optional<Error> fault_in_limits(const Arguments& arguments);
[[nodiscard]] unsigned threads_of(const Arguments& arguments);

[[nodiscard]] engine::StartOptions start_options(const Arguments& arguments,
                                                 const Terminal& terminal);
// That the evaluator runs instead, and which rules are not optimised.
void tell_started(const engine::Started& started, const hir::Program& program,
                  const Terminal& terminal);

// Where the claims come from; the input outlives the ports.
[[nodiscard]] engine::RunPorts claim_ports(ClaimsInput& in);
// The history store of --history; none where no rule asks for it.
[[nodiscard]] Result<std::unique_ptr<history::Store>>
open_history(const std::string& folder, const hir::Program& program, const Terminal& terminal);
// --known-since and --known-until.
[[nodiscard]] Result<void> known_days(const Arguments& arguments, engine::RunOptions& options);

} // namespace sanku::command
