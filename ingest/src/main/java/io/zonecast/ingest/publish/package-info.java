/**
 * A zone file compared with the topic, and the difference published in one transaction: digests of
 * what the topic holds, the diff, the guards that may refuse it, the publisher. Rows come from
 * {@code source}; how a command line shows an outcome is not decided here.
 */
@NullMarked
package io.zonecast.ingest.publish;

import org.jspecify.annotations.NullMarked;
