package io.zonecast.compose;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/**
 * The container of a service, and what may happen to one.
 *
 * @param id as Docker gave it; a container that is started again keeps it
 * @param network the one that it is in
 */
record Container(String service, String id, String network) {

  /** Finds the one container of a service, whether it runs or not. */
  static Container of(String project, String service) {
    List<String> found =
        Docker.run(
                "ps",
                "--all",
                "--quiet",
                "--no-trunc",
                "--filter",
                "label=com.docker.compose.project=" + project,
                "--filter",
                "label=com.docker.compose.service=" + service)
            .orFail()
            .answer()
            .lines()
            .toList();
    if (found.size() != 1) {
      throw new AssertionError("%s of %s: %s".formatted(service, project, found));
    }
    return new Container(service, found.get(0), project + "_default");
  }

  /** SIGKILL: nothing of its memory is left. */
  void kill() {
    Docker.run("kill", id).orFail();
  }

  /** SIGTERM, and half a minute to end. */
  void stop() {
    Docker.run("stop", "--time", "30", id).orFail();
  }

  void start() {
    Docker.run("start", id).orFail();
  }

  /**
   * Everything in it stands still; its connections stay open and nothing answers. An engine that
   * cannot catch all threads of a busy container at once gives up, and leaves it running.
   */
  void pause() {
    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> Docker.run("pause", id).orFail());
  }

  void unpause() {
    Docker.run("unpause", id).orFail();
  }

  /** It goes on, and can reach nobody and be reached by nobody. */
  void cutOff() {
    Docker.run("network", "disconnect", network, id).orFail();
  }

  /** As it was before it was cut off. */
  void reconnect() {
    Docker.run("network", "connect", "--alias", service, network, id).orFail();
  }

  /** What its health check said last: {@code starting}, {@code healthy} or {@code unhealthy}. */
  String health() {
    return inspect("{{.State.Health.Status}}");
  }

  boolean isRunning() {
    return inspect("{{.State.Running}}").equals("true");
  }

  int exitCode() {
    return Integer.parseInt(inspect("{{.State.ExitCode}}"));
  }

  /** Everything that it has logged. */
  String log() {
    Program.Ran logs = Docker.run("logs", id).orFail();
    return logs.out() + logs.err();
  }

  private String inspect(String format) {
    return Docker.run("inspect", "--format", format, id).orFail().answer();
  }
}
