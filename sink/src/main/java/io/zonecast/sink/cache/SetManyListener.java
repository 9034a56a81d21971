package io.zonecast.sink.cache;

/**
 * Hears what became of a batch, exactly once.
 *
 * <p>It is called on the connection's own thread, or, with {@link SetManyResult.Broken}, on the
 * thread that closed it. It must be quick and must not block; it may send another batch.
 */
@FunctionalInterface
public interface SetManyListener {
  void onResult(EntryBatch batch, SetManyResult result);
}
