import { type Command, InvalidArgumentError } from "commander";
import type { Declare } from "../context.ts";

export const declare: Declare = (command, context) => {
  command
    .argument("<shell>", "bash, zsh or fish", readShell)
    .addHelpText("after", EXAMPLES)
    .action((shell: Shell) => context.terminal.print(SHELLS[shell](listVerbs(command.parent?.commands ?? []))));
};

const EXAMPLES = `
Examples:
  doorproof completion bash > ~/.local/share/bash-completion/completions/doorproof
  doorproof completion zsh > ~/.zfunc/_doorproof
  doorproof completion fish > ~/.config/fish/completions/doorproof.fish`;

/** A verb and what may follow it: the words of its group, and flags. */
interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly words: readonly string[];
}

type Shell = "bash" | "zsh" | "fish";

const SHELLS: Readonly<Record<Shell, (verbs: readonly Verb[]) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
};

function readShell(text: string): Shell {
  if (text === "bash" || text === "zsh" || text === "fish") return text;
  throw new InvalidArgumentError("Expected: bash, zsh or fish");
}

function listVerbs(commands: readonly Command[]): Verb[] {
  return commands.map((command) => {
    const members = [command, ...command.commands];
    const flags = members.flatMap(({ options }) => options.map(({ long }) => long ?? ""));
    return {
      name: command.name(),
      summary: command.summary(),
      words: [...new Set([...command.commands.map((member) => member.name()), ...flags, "--help"])],
    };
  });
}

function writeBash(verbs: readonly Verb[]): string {
  const cases = verbs.map(({ name, words }) => `    ${name}) words="${words.join(" ")}" ;;`);
  return `_doorproof() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="${verbs.map(({ name }) => name).join(" ")}" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${verbs.map(({ name }) => name).join(" ")}"
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _doorproof doorproof`;
}

function writeZsh(verbs: readonly Verb[]): string {
  const cases = verbs.map(({ name, words }) => `    ${name}) compadd -- ${words.join(" ")}; _files ;;`);
  return `#compdef doorproof
_doorproof() {
  if (( CURRENT == 2 )); then
    local -a verbs=(${verbs.map(({ name, summary }) => `'${name}:${summary.replaceAll("'", "'\\''")}'`).join(" ")})
    _describe command verbs
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
  esac
}
_doorproof "$@"`;
}

function writeFish(verbs: readonly Verb[]): string {
  return verbs
    .flatMap(({ name, summary, words }) => [
      `complete -c doorproof -n __fish_use_subcommand -f -a ${name} -d '${summary.replaceAll("'", "\\'")}'`,
      ...words.map((word) => {
        const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
        return `complete -c doorproof -n '__fish_seen_subcommand_from ${name}' ${what}`;
      }),
    ])
    .join("\n");
}
