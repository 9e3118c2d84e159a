// The text of `sanku pack --help`, in both languages, for help.cpp.
#pragma once

#include <string_view>

namespace sanku::command {

inline constexpr std::string_view pack_help_zh =
    R"(sanku pack 动作 …        规则包文件：生成、签名、验证、安装、退回

  build 文件夹 -o 文件 [--base 规则包文件] [--prove]
                                检查、测试、查找个人信息，写成一个文件；同样的内容得到同样的字节。地方化的文件只含自己的内容，
                                并写明在哪个规则包文件上生成：名称、版本范围和清单摘要。--prove 另附证明报告（求解器 Z3，可能几分钟）：
                                永远不会触发的规则、不起作用的条件和分支、相互重复的规则、被地方化放宽的强制规则；安装时抽样重新求证
  show 文件 [成员]              显示签名所指：清单原文和各签名，以及证明报告中的冲突；或一个成员的原文
  verify 文件                   验证这些字节由谁负责：长度、签名、大小、摘要、成员种类；也可验证 list --export 导出的日志。
                                文本的写法在生成、装入和安装时查看
  diff 旧文件 新文件 [-o 增量]  两个规则包的不同；写出增量文件，只适用于旧文件，签名后可安装
  sign 文件 --key 私钥 --role 角色 [-o 文件] [--trust 信任根]
                                签名；缺省写回原文件。给出信任根时，去掉其中不认识或已吊销的密钥的签名
  key 名称 [--algorithm 算法]   生成密钥：名称.pem（私钥，仅本人可读）和 名称.pub
  trust 说明.toml --key 根私钥 -o 信任根
                                生成信任根；--key 可重复
  trust 信任根 --store 仓库     建立仓库，或将其信任根换成下一版
  install 文件… --store 仓库    验证、编译、在本机运行测试并核对其说法，然后启用；任何一步不成，原来的继续使用。几个文件一步启用，
                                或都不启用：地方化在用时，它所基于的规则包只能与它一同更换
  rollback 名称[@层级]… --store 仓库
                                退回上一版本，或 --to 所指的版本
  list --store 仓库             在用的规则包、各自的基础和历史；--layer 只列一层

以文件为规则包的命令（run、test、check、explain……）每次都先验证；凡写规则包之处也可写 仓库/名称。

  sanku pack key author && sanku pack key reviewer --algorithm sm2 && sanku pack key root
  sanku pack trust trust.toml --key root.pem -o trust.root
  sanku pack build my-pack -o my.pack
  sanku pack sign my.pack --key author.pem --role author
  sanku pack sign my.pack --key reviewer.pem --role reviewer
  sanku pack verify my.pack --trust trust.root
  sanku pack trust trust.root --store store && sanku pack install my.pack --store store
  sanku test store/my
  sanku pack build my-province --base my.pack --trust trust.root -o my-province.pack

选项：
  --out, -o 文件              写到哪里（写完才改名到位）
  --trust 文件                信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包文件（build、verify）
  --prove                     附证明报告（build）
  --key 文件                  PEM 私钥
  --role 角色                 签名的角色，如 author、reviewer
  --algorithm ed25519|sm2     密钥的算法，缺省 ed25519
  --store 文件夹              规则包仓库
  --store-key 文件            仓库的私钥，缺省为仓库中的 key.pem；建立仓库时没有则生成
  --layer 层级                退回或列出哪一层的规则包；缺省为该名称唯一的一层
  --to 版本                   退回到哪一版本
  --export 文件               导出日志、日志头和公钥，另处保存
  --time 时刻                 作为现在的时刻，如 2026-11-22T09:30:00Z；缺省为系统时间
  --lang zh|en                界面语言

退出码 0：完成；1：被拒绝，原因见标准错误；2：用法有误；74：系统拒绝读写。
)";

inline constexpr std::string_view pack_help_en =
    R"(sanku pack ACTION …        packs as files: build, sign, verify, install, roll back

  build DIR -o FILE [--base PACK] [--prove]
                                check, test, look for persons, and write one file; the same sources give the same bytes. That of an overlay
                                holds its own sources only, and says on which pack file it was built: name, versions, digest. --prove
                                adds a report of proofs (a solver, Z3; perhaps minutes): rules that never fire, conditions and branches
                                that do nothing, rules that always fire together, mandatory ones that an overlay loosens; where it is
                                installed, a sample is asked again
  show FILE [MEMBER]            exactly what is signed: the manifest as it stands, and the signatures, with the conflicts of its
                                report of proofs; or a member as it stands
  verify FILE                   who vouches for these bytes: length, signatures, sizes, digests, kinds of members; also a log that
                                list --export wrote. How texts are written is looked at where they are built, loaded and installed
  diff OLD NEW [-o DELTA]       what differs; or a delta, for that base only, to be signed and installed
  sign FILE --key KEY --role ROLE [-o FILE]
                                by default in place
  key NAME [--algorithm A]      a new key: NAME.pem, private, for its owner only, and NAME.pub
  trust ROOT.toml --key ROOTKEY -o ROOT
                                a trust root, signed; --key may be repeated
  trust ROOT --store DIR        a new store, or the next version of a store's trust root
  install FILE… --store DIR     verify, compile, run its tests here, compare what it claims, and put it in force; whatever fails
                                leaves the old one serving. Several in one step, or none of them: what an overlay in force
                                lies on is replaced only together with it
  rollback NAME[@LAYER]… --store DIR
                                back to the version before, or to that of --to
  list --store DIR              what is in force, what it lies on, and what was; --layer: of that layer

Commands that load a pack from a file (run, test, check, explain …) verify it each time; STORE/NAME in its place takes what is in force.

  sanku pack key author && sanku pack key reviewer --algorithm sm2 && sanku pack key root
  sanku pack trust trust.toml --key root.pem -o trust.root
  sanku pack build my-pack -o my.pack
  sanku pack sign my.pack --key author.pem --role author
  sanku pack sign my.pack --key reviewer.pem --role reviewer
  sanku pack verify my.pack --trust trust.root
  sanku pack trust trust.root --store store && sanku pack install my.pack --store store
  sanku test store/my
  sanku pack build my-province --base my.pack --trust trust.root -o my-province.pack

Options:
  --out, -o FILE              where to write; renamed into place when complete
  --trust FILE                the trust root (or the variable SANKU_TRUST)
  --base PACK                 the pack file that an overlay lies on (build, verify)
  --prove                     with a report of proofs (build)
  --key FILE                  a private key, PEM
  --role ROLE                 in which a signature is made, such as author or reviewer
  --algorithm ed25519|sm2     of a new key, by default ed25519
  --store DIR                 the store of packs
  --store-key FILE            the store's private key, by default its key.pem; made with a new store if it is not there
  --layer LAYER               of the pack that is rolled back or of what is listed; by default the only one of the name
  --to VERSION                to which it is rolled back
  --export FILE               write log, head and public key, to keep elsewhere
  --time MOMENT               what counts as now, such as 2026-11-22T09:30:00Z; by default the clock
  --lang zh|en                language of what a person sees

Exit code 0: done; 1: refused, with the reasons on stderr; 2: wrong usage; 74: the system refused to read or write.
)";

} // namespace sanku::command
