/**
 * Has nodes filled again on an operator's request: removes or rewrites their checkpoints. Their
 * sink notices and fills them, as after a flush ({@code node}, {@code fill}).
 */
@NullMarked
package io.zonecast.sink.rebuild;

import org.jspecify.annotations.NullMarked;
