/**
 * The contract between whoever writes zone rows and whoever reads them: the key rule, the Avro
 * record, the topic's settings. Nothing here reads a file or writes to a cache.
 */
@NullMarked
package io.zonecast.schemas;

import org.jspecify.annotations.NullMarked;
