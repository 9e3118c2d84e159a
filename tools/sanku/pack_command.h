// What the actions of `sanku pack` share. Each takes the paths behind the action's name.
#pragma once

#include "tools/deploy/install.h"
#include "tools/sanku/command.h"

#include <optional>
#include <string>

namespace sanku::command {

// pack.cpp
[[nodiscard]] std::optional<pack::PrivateKey> private_key(const std::string& file,
                                                          deploy::Told& told);
[[nodiscard]] int refused(const deploy::Told& told, const Terminal& terminal);

// pack_store.cpp
int pack_trust(const Arguments& arguments, const Terminal& terminal);
int pack_install(const Arguments& arguments, const Terminal& terminal);
int pack_rollback(const Arguments& arguments, const Terminal& terminal);
int pack_list(const Arguments& arguments, const Terminal& terminal);

} // namespace sanku::command
