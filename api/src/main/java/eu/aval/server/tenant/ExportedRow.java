// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.shared.TenantId;
import io.r2dbc.spi.Row;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A row of a table as the person concerned gets it: named by the labels of its query, without what is null. Octets are
 * values sealed under the person's key, labelled with the name of their column; they come out opened and without
 * {@code _sealed}.
 */
public final class ExportedRow {

    private static final String SEALED = "_sealed";

    private ExportedRow() {}

    /**
     * @param row its first value is its id, when anything in it is sealed
     * @throws eu.aval.server.encryption.SealBroken if something is not under this key
     */
    public static Map<String, Object> of(Row row, String table, TenantId tenant, SubjectKey key) {
        Map<String, Object> exported = new LinkedHashMap<>();
        row.getMetadata().getColumnMetadatas().forEach(column -> {
            String name = column.getName();
            switch (row.get(name)) {
                case null -> {}
                case ByteBuffer sealed -> {
                    UUID id = Objects.requireNonNull(row.get(0, UUID.class));
                    byte[] octets = new byte[sealed.remaining()];
                    sealed.get(octets);
                    byte[] opened = key.open(octets, new AssociatedData(tenant, table, name, id));
                    exported.put(name.replace(SEALED, ""), new String(opened, StandardCharsets.UTF_8));
                }
                case OffsetDateTime time -> exported.put(name, time.toInstant().toString());
                case UUID id -> exported.put(name, id.toString());
                case Object value -> exported.put(name, value);
            }
        });
        return exported;
    }
}
