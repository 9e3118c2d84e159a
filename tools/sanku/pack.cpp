// sanku pack: pack files. Keys are in pack_keys.cpp, what is done to a store in pack_store.cpp.
#include "tools/deploy/build.h"
#include "tools/deploy/difference.h"
#include "tools/engine/layout.h"
#include "tools/engine/packed_form.h"
#include "tools/pack/delta.h"
#include "tools/pack/log.h"
#include "tools/pack/proofs.h"
#include "tools/pack/source.h"
#include "tools/pack/store.h"
#include "tools/sanku/pack_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace sanku::command {
namespace {

using deploy::Told;
using engine::count_text;

struct Action {
  std::string_view name;
  std::size_t least, most; // paths
  int (*run)(const Arguments& arguments, const Terminal& terminal);
};

// A file opened without or with a trust root.
struct Opening {
  Told told;
  std::optional<pack::TrustRoot> root;
  std::optional<pack::PackFile> file;
  int code = exit_code::clean;
};

// What of a file is looked at: what vouches for it alone, or its texts as well.
enum class Depth : std::uint8_t { vouched, texts };

Opening opened(std::string bytes, const std::string& path, const Arguments& arguments,
               const Terminal& terminal, bool with_trust, Depth depth) {
  Opening made;
  const source::Span place{.file = source::add(made.told.map, path, {})};
  if (with_trust) {
    made.root = engine::read_trust_root(arguments.verify.root, arguments.verify.now, made.told.map,
                                        made.told.diagnostics);
    if (!made.root) {
      made.code = refused(made.told, terminal);
      return made;
    }
  }
  made.file = pack::open(std::move(bytes),
                         {.root = made.root ? &*made.root : nullptr,
                          .now = arguments.verify.now,
                          .texts = depth == Depth::texts},
                         place, made.told.diagnostics);
  if (!made.file)
    made.code = refused(made.told, terminal);
  return made;
}

Opening opened(const std::string& path, const Arguments& arguments, const Terminal& terminal,
               bool with_trust, Depth depth = Depth::texts) {
  auto bytes = pack::read_whole(path, pack::Limits{}.bytes);
  if (bytes)
    return opened(std::move(*bytes), path, arguments, terminal, with_trust, depth);
  Opening none;
  none.code = fail(bytes.error(), terminal, exit_code::usage);
  return none;
}

std::string label(const pack::PackFile& file) {
  return fmt::format("{} {} ({})", pack::fact(file.manifest, "name"),
                     pack::fact(file.manifest, "version"), pack::fact(file.manifest, "layer"));
}

// What stands against what rules are for, and how much else there is in the report.
std::string proofs_shown(const pack::Proofs& proofs, const Terminal& terminal) {
  std::string out = fmt::format("  {}\n", pack::told(proofs, terminal.language));
  for (const pack::ProofLine& line : proofs.claims)
    if (pack::is_conflict(line))
      out += fmt::format("    {}\n", pack::told(line, terminal.language));
  return out;
}

// ---- build

int pack_build(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.out.empty())
    return wrong_usage(terminal, "请用 -o 给出要生成的文件", "name the file to make with -o");
  const auto built =
      deploy::build(arguments.paths[0], {.language = terminal.language,
                                         .trust = arguments.verify,
                                         .bases = {arguments.bases.begin(), arguments.bases.end()},
                                         .prove = arguments.prove});
  if (!built)
    return fail(built.error(), terminal, exit_code::usage);
  (void)tell(built->rules->diagnostics, built->rules->map, terminal);
  if (built->bytes.empty()) {
    complain(terminal.pick("未生成规则包文件", "no pack file was made"));
    return exit_code::findings;
  }
  if (const int code = write_file(arguments.out, built->bytes, terminal); code != exit_code::clean)
    return code;
  std::string line =
      fmt::format("{}  {}  {}  SHA-256 {}\n", arguments.out, engine::label(built->rules->pack),
                  terminal.language == Language::zh ? count_text(built->bytes.size()) + " 字节"
                                                    : count_text(built->bytes.size()) + " bytes",
                  pack::hex(pack::sha256_of(built->bytes)));
  if (built->proofs)
    line += proofs_shown(*built->proofs, terminal);
  return print(line, terminal, exit_code::clean);
}

// ---- show, verify

std::string signatures_shown(const pack::PackFile& file, const std::optional<pack::TrustRoot>& root,
                             const Terminal& terminal) {
  std::string out;
  for (const pack::Signature& each : file.signatures) {
    const pack::TrustedKey* key = root ? pack::find_key(*root, each.key) : nullptr;
    out += fmt::format("  {}  {}  {}{}\n", each.role, pack::moment_text(each.time),
                       pack::short_id(each.key),
                       key == nullptr ? std::string()
                                      : fmt::format("  {}  {}", key->holder,
                                                    pack::algorithm_name(key->key.algorithm)));
  }
  return out.empty() ? fmt::format("  {}\n", terminal.pick("没有签名", "nobody has signed")) : out;
}

void tell_unverified(const Opening& made, const Terminal& terminal) {
  if (!made.root)
    complain(terminal.pick("没有信任根，签名未经验证；用 --trust 给出信任根",
                           "no trust root, so signatures were not verified; name one by --trust"));
}

int pack_show(const Arguments& arguments, const Terminal& terminal) {
  const Opening made =
      opened(arguments.paths[0], arguments, terminal, !arguments.verify.root.empty());
  if (!made.file)
    return made.code;
  tell_unverified(made, terminal);
  if (arguments.paths.size() == 1) {
    const auto text = pack::member(*made.file, pack::proofs_report);
    const auto proofs = text ? pack::read_proofs(*text) : std::nullopt;
    return print(std::string(made.file->manifest_text) + '\n' +
                     signatures_shown(*made.file, made.root, terminal) +
                     (proofs ? '\n' + proofs_shown(*proofs, terminal) : std::string()),
                 terminal, exit_code::clean);
  }
  const auto bytes = pack::member(*made.file, arguments.paths[1]);
  if (!bytes)
    return wrong_usage(terminal, fmt::format("没有成员“{}”", arguments.paths[1]),
                       fmt::format("there is no member `{}`", arguments.paths[1]));
  return print(*bytes, terminal, exit_code::clean);
}

int verify_export(const std::string& text, const std::string& path, const Terminal& terminal) {
  Told told;
  const source::Span place{.file = source::add(told.map, path, {})};
  const auto log = pack::read_export(text, place, told.diagnostics);
  if (!log)
    return refused(told, terminal);
  return print(
      terminal.language == Language::zh
          ? fmt::format("日志完整：{} 条，{}\n", log->entries.size(), log->last)
          : fmt::format("the log is whole: {} entries, {}\n", log->entries.size(), log->last),
      terminal, exit_code::clean);
}

// What an overlay lies on, down to a pack that lies on none: verified as well where it is named,
// else only told.
int verify_below(const pack::PackFile& file, const Arguments& arguments, const Terminal& terminal,
                 std::string& out) {
  std::vector<Opening> bases;
  for (const std::string& path : arguments.bases) {
    bases.push_back(opened(path, arguments, terminal, true, Depth::vouched));
    if (!bases.back().file)
      return bases.back().code;
  }
  const pack::PackFile* above = &file;
  for (auto pin = pack::pin_of(file.manifest); pin; pin = pack::pin_of(above->manifest)) {
    const std::string digest = pack::hex(pin->manifest.sha256).substr(0, 16);
    if (bases.empty()) {
      out += fmt::format(fmt::runtime(terminal.pick(
                             "  基于 {} {}  清单 {}…  未核对（--base 文件）\n",
                             "  lies on {} {}  manifest {}…  not looked at (--base FILE)\n")),
                         pin->name, pack::versions_text(pin->versions), digest);
      return exit_code::clean;
    }
    auto below = std::ranges::find_if(
        bases, [&](const Opening& each) { return pack::is_meant(*pin, *each.file); });
    if (below == bases.end())
      below = std::ranges::find_if(bases, [&](const Opening& each) {
        return pack::fact(each.file->manifest, "name") == pin->name;
      });
    if (below == bases.end())
      below = bases.begin();
    if (!pack::lies_on(*pin, *below->file, pack::fact(above->manifest, "name"), {},
                       below->told.diagnostics))
      return refused(below->told, terminal);
    out += fmt::format(fmt::runtime(terminal.pick("  基于 {}  清单 {}…  验证通过\n",
                                                  "  lies on {}  manifest {}…  verified\n")),
                       label(*below->file), digest);
    above = &*below->file;
  }
  return exit_code::clean;
}

// What a signature stands for: who vouches for these very bytes. What the texts are like, in their
// one layout and without hidden characters, is looked at wherever they are read: a pack is built,
// loaded and installed with that, and this takes as long as the digests.
int pack_verify(const Arguments& arguments, const Terminal& terminal) {
  const std::string& path = arguments.paths[0];
  auto bytes = pack::read_whole(path, pack::Limits{}.bytes);
  if (!bytes)
    return fail(bytes.error(), terminal, exit_code::usage);
  if (bytes->starts_with("SANKU HEAD"))
    return verify_export(*bytes, path, terminal);
  if (arguments.verify.root.empty())
    return wrong_usage(terminal, "请用 --trust 或环境变量 SANKU_TRUST 给出信任根",
                       "name a trust root by --trust or the variable SANKU_TRUST");
  Opening made = opened(std::move(*bytes), path, arguments, terminal, true, Depth::vouched);
  if (!made.file)
    return made.code;
  if (made.file->kind == pack::FileKind::pack) {
    const source::Span place{.file = source::add(made.told.map, path, {})};
    engine::check_members(*made.file, place, made.told.diagnostics);
    if (diag::has_errors(made.told.diagnostics))
      return refused(made.told, terminal);
  }
  std::string below;
  if (const int code = verify_below(*made.file, arguments, terminal, below);
      code != exit_code::clean)
    return code;
  std::string out =
      terminal.language == Language::zh
          ? fmt::format("{}：验证通过，{} 个成员，{} 字节\n", label(*made.file),
                        count_text(made.file->members.size()), count_text(made.file->bytes->size()))
          : fmt::format("{}: verified, {} members, {} bytes\n", label(*made.file),
                        count_text(made.file->members.size()),
                        count_text(made.file->bytes->size()));
  out += signatures_shown(*made.file, made.root, terminal) + below;
  return print(out, terminal, exit_code::clean);
}

// ---- diff, sign

int pack_diff(const Arguments& arguments, const Terminal& terminal) {
  const bool with_trust = !arguments.verify.root.empty();
  const Opening old_one = opened(arguments.paths[0], arguments, terminal, with_trust);
  if (!old_one.file)
    return old_one.code;
  const Opening new_one = opened(arguments.paths[1], arguments, terminal, with_trust);
  if (!new_one.file)
    return new_one.code;
  for (const Opening* each : {&old_one, &new_one})
    if (each->file->kind != pack::FileKind::pack)
      return wrong_usage(terminal, "两者都应为完整的规则包文件", "both are to be whole pack files");
  tell_unverified(new_one, terminal);
  if (!arguments.out.empty())
    return write_file(arguments.out, pack::make_delta(*old_one.file, *new_one.file), terminal);
  const std::string out = deploy::difference(*old_one.file, *new_one.file, terminal.language);
  return print(out.empty() ? std::string(terminal.pick("内容相同\n", "they hold the same\n")) : out,
               terminal, exit_code::clean);
}

int pack_sign(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.keys.size() != 1 || arguments.role.empty() ||
      arguments.role.find_first_of(" ,\n\t") != std::string::npos ||
      arguments.role == pack::root_role)
    return wrong_usage(terminal, "请给出 --key 私钥 和 --role 角色（如 author、reviewer）",
                       "name --key FILE and --role ROLE, such as author or reviewer");
  Opening made = opened(arguments.paths[0], arguments, terminal, false);
  if (!made.file)
    return made.code;
  const auto key = private_key(arguments.keys[0], made.told);
  if (!key)
    return refused(made.told, terminal);
  std::vector<pack::Signature> signatures = made.file->signatures;
  // A signature that the root does not take keeps the whole file from being taken.
  if (!arguments.verify.root.empty() && !drop_refused(signatures, arguments, made.told, terminal))
    return refused(made.told, terminal);
  std::erase_if(signatures, [&](const pack::Signature& each) {
    return each.role == arguments.role && each.key == key->open.id;
  });
  signatures.push_back(pack::make_signature(
      {.kind = made.file->kind, .manifest = pack::digests_of(made.file->manifest_text)},
      arguments.role, pack::fact(made.file->manifest, "edition"), arguments.verify.now, *key));
  std::ranges::sort(signatures, [](const pack::Signature& a, const pack::Signature& b) {
    return std::tie(a.role, a.key) < std::tie(b.role, b.key);
  });
  const std::string& target = arguments.out.empty() ? arguments.paths[0] : arguments.out;
  if (const int code = write_file(target, pack::with_signatures(*made.file, signatures), terminal);
      code != exit_code::clean)
    return code;
  return print(fmt::format("{}  {}  {}  {}\n", target, label(*made.file), arguments.role,
                           pack::short_id(key->open.id)),
               terminal, exit_code::clean);
}

constexpr std::array<Action, 10> actions = {{
    {"build", 1, 1, pack_build},
    {"show", 1, 2, pack_show},
    {"verify", 1, 1, pack_verify},
    {"diff", 2, 2, pack_diff},
    {"sign", 1, 1, pack_sign},
    {"key", 1, 1, pack_key},
    {"trust", 1, 1, pack_trust},
    {"install", 1, 64, pack_install},
    {"rollback", 1, 64, pack_rollback},
    {"list", 0, 0, pack_list},
}};

} // namespace

std::optional<pack::PrivateKey> private_key(const std::string& file, Told& told) {
  const auto pem = pack::read_whole(file, 1u << 16);
  const source::Span place{.file = source::add(told.map, file, {})};
  if (pem)
    return pack::read_private(*pem, file, place, told.diagnostics);
  diag::report<"key_form">(told.diagnostics, place, file,
                           diag::Words{pem.error().zh, pem.error().en});
  return std::nullopt;
}

int refused(const Told& told, const Terminal& terminal) {
  (void)tell(told.diagnostics, told.map, terminal);
  return exit_code::findings;
}

int pack(const Arguments& arguments, const Terminal& terminal) {
  for (const Action& action : actions) {
    if (action.name != arguments.what)
      continue;
    if (arguments.paths.size() >= action.least && arguments.paths.size() <= action.most)
      return action.run(arguments, terminal);
    break;
  }
  std::vector<std::string_view> names;
  for (const Action& action : actions)
    names.push_back(action.name);
  return wrong_usage(
      terminal,
      fmt::format("动作为 {}，各有其路径；sanku pack --help 说明用法", fmt::join(names, "、")),
      fmt::format("the actions are {}, each with its paths; see sanku pack --help",
                  fmt::join(names, ", ")));
}

} // namespace sanku::command
