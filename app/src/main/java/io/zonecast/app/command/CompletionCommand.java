package io.zonecast.app.command;

import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    description = "Prints the shell's completion script.",
    footer = {
      "",
      "Example:  source <(zonecast completion bash)",
    })
public final class CompletionCommand implements Callable<Integer> {
  /** Names as typed: lower case, as the shells themselves are called. */
  enum Shell {
    bash,
    zsh
  }

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  private Shell shell = Shell.bash;

  public CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (shell == Shell.zsh) {
      // For a file on zsh's fpath. The script itself loads bashcompinit when zsh reads it.
      console.answer("#compdef zonecast");
    }
    console.out().print(AutoComplete.bash("zonecast", spec.root().commandLine()));
    return ExitCode.DONE;
  }
}
