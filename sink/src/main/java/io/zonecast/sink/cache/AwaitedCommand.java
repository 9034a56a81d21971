package io.zonecast.sink.cache;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A command whose sender waits for the answer. */
abstract class AwaitedCommand<T> extends NodeCommand {
  private final CompletableFuture<T> answer = new CompletableFuture<>();

  AwaitedCommand(byte[] request, int entries) {
    super(request, request.length, entries);
  }

  /** Completes exceptionally with an {@link IOException} if the connection breaks. */
  final CompletableFuture<T> answer() {
    return answer;
  }

  /** The answer, once all of it has been decoded. */
  abstract T result() throws IOException;

  @Override
  final void done() {
    try {
      answer.complete(result());
    } catch (IOException e) {
      answer.completeExceptionally(e);
    }
  }

  @Override
  final void broken(IOException cause) {
    answer.completeExceptionally(cause);
  }
}
