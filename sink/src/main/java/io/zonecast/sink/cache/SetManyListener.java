package io.zonecast.sink.cache;

/**
 * Hears the result of a batch, exactly once: on the connection's thread or, with {@link
 * SetManyResult.Broken}, on the thread that closed it. It must not block; it may send another
 * batch.
 */
@FunctionalInterface
public interface SetManyListener {
  void onResult(EntryBatch batch, SetManyResult result);
}
