package io.zonecast.ingest.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One bound on the native memory of all stores of the process, however many partitions they have
 * and however many rows: what is read and what is to be written share it. By Streams' own defaults
 * each store of each partition may take some 100 MB.
 *
 * <p>Streams makes one for each store, by its class name.
 */
public final class TableMemory implements RocksDBConfigSetter {
  /** The property that says how many bytes. */
  static final String BYTES = "zonecast.table.memory.bytes";

  private static final double FOR_INDEXES = 0.1;
  private static @Nullable Shared shared;

  private record Shared(Cache cache, WriteBufferManager writeBuffers) {}

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    Shared memory = memory(configs);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(memory.cache);
    // Else they would grow with the table, beside the cache.
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(memory.writeBuffers);
  }

  /** The process's, which lives as long as it does: stores come and go with their tasks. */
  private static synchronized Shared memory(Map<String, Object> configs) {
    Shared existing = shared;
    if (existing == null) {
      Object told = configs.get(BYTES);
      long bytes =
          told == null
              ? StreamSettings.DEFAULT_TABLE_MEMORY_BYTES
              : Long.parseLong(told.toString());
      Cache cache = new LRUCache(bytes, -1, false, FOR_INDEXES);
      existing = new Shared(cache, new WriteBufferManager(bytes / 2, cache));
      shared = existing;
    }
    return existing;
  }

  @Override
  public void close(String storeName, Options options) {
    // What is shared stays.
  }
}
