// What the actions of `sanku pack` share. Each takes the paths behind the action's name.
#pragma once

#include "tools/deploy/install.h"
#include "tools/sanku/command.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::command {

// pack.cpp
[[nodiscard]] std::optional<pack::PrivateKey> private_key(const std::string& file,
                                                          deploy::Told& told);
[[nodiscard]] int refused(const deploy::Told& told, const Terminal& terminal);

// pack_keys.cpp
int pack_key(const Arguments& arguments, const Terminal& terminal);
// Leaves those out that are by keys that the trust root does not know or has revoked, and says so.
// False: there is no such root, which was told.
[[nodiscard]] bool drop_refused(std::vector<pack::Signature>& signatures,
                                const Arguments& arguments, deploy::Told& told,
                                const Terminal& terminal);

// pack_store.cpp
int pack_trust(const Arguments& arguments, const Terminal& terminal);
int pack_install(const Arguments& arguments, const Terminal& terminal);
int pack_rollback(const Arguments& arguments, const Terminal& terminal);
int pack_list(const Arguments& arguments, const Terminal& terminal);

} // namespace sanku::command
