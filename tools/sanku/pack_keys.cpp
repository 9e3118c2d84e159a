// sanku pack key; and which signatures a file keeps when it is signed again.
#include "tools/engine/packed.h"
#include "tools/sanku/pack_command.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>

namespace sanku::command {
namespace {

// For its owner only, and never over another.
int write_private(const std::string& path, const std::string& pem, const Terminal& terminal) {
  io::Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600), true);
  const bool done =
      file.number() >= 0 &&
      ::write(file.number(), pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()) &&
      file.close();
  if (done)
    return exit_code::clean;
  const char* why = std::strerror(errno);
  return fail(Error{.en = fmt::format("cannot write `{}`: {}", path, why),
                    .zh = fmt::format("无法写入“{}”：{}", path, why)},
              terminal, exit_code::refused_by_system);
}

} // namespace

int pack_key(const Arguments& arguments, const Terminal& terminal) {
  const auto algorithm =
      pack::algorithm_named(arguments.algorithm.empty() ? "ed25519" : arguments.algorithm);
  if (!algorithm)
    return wrong_usage(terminal, "--algorithm 的取值为 ed25519 或 sm2",
                       "--algorithm takes ed25519 or sm2");
  const pack::PrivateKey key = pack::make_key(*algorithm);
  const std::string& name = arguments.paths[0];
  if (const int code = write_private(name + ".pem", pack::private_pem(key), terminal);
      code != exit_code::clean)
    return code;
  if (const int code = write_file(name + ".pub", pack::public_pem(key.open), terminal);
      code != exit_code::clean)
    return code;
  return print(fmt::format("{}  {}\n", name, key.open.id), terminal, exit_code::clean);
}

bool drop_refused(std::vector<pack::Signature>& signatures, const Arguments& arguments,
                  deploy::Told& told, const Terminal& terminal) {
  const auto root = engine::read_trust_root(arguments.verify.root, arguments.verify.now, told.map,
                                            told.diagnostics);
  if (!root)
    return false;
  std::erase_if(signatures, [&](const pack::Signature& each) {
    const pack::TrustedKey* key = pack::find_key(*root, each.key);
    const bool is_refused = key == nullptr || key->revoked || key->revoked_since;
    if (is_refused)
      complain(terminal.pick(
          fmt::format("去掉 {} 的签名：密钥 {} {}", each.role, pack::short_id(each.key),
                      key == nullptr ? "不在信任根中" : "已被吊销"),
          fmt::format("left out the signature as {}: the key {} {}", each.role,
                      pack::short_id(each.key),
                      key == nullptr ? "is not in the trust root" : "was revoked")));
    return is_refused;
  });
  return true;
}

} // namespace sanku::command
