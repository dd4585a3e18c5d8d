// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One page of a list in GraphQL, by the conventions of Relay. Never counted: a total costs more than the page. */
public record Connection<T>(List<Edge<T>> edges, PageInfo pageInfo) {

    /** One item, and where it stands. */
    public record Edge<T>(String cursor, T node) {}

    /** Where the page ends. */
    public record PageInfo(boolean hasNextPage, @Nullable String endCursor) {}

    /**
     * @param items those of the page, and one more if there is a next
     * @param id what they are ordered by
     */
    public static <T> Connection<T> of(List<T> items, PageRequest page, Function<T, UUID> id) {
        List<Edge<T>> edges = items.stream()
                .limit(page.size())
                .map(item -> new Edge<>(Cursor.of(id.apply(item)), item))
                .toList();
        return new Connection<>(
                edges,
                new PageInfo(
                        items.size() > page.size(),
                        edges.isEmpty() ? null : edges.getLast().cursor()));
    }
}
