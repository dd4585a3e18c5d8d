// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Somebody in the database, for tests that write rows about people by hand. */
public final class SealedPerson {

    private final TenantId tenant;
    private final Subject subject;

    private SealedPerson(TenantId tenant, Subject subject) {
        this.tenant = tenant;
        this.subject = subject;
    }

    public static SealedPerson of(KeyedDatabase database, Subjects subjects, TenantId tenant, String e164) {
        PhoneNumber number = PhoneNumber.of(e164, "FR");
        return new SealedPerson(
                tenant,
                Objects.requireNonNull(
                        database.in(tenant, (client, keys) -> subjects.findOrCreate(client, keys, List.of(number)))
                                .blockOptional(Duration.ofSeconds(60))
                                .orElseThrow()
                                .get(number)));
    }

    public UUID id() {
        return subject.id();
    }

    /** For a column of a row. */
    public byte[] seal(String text, String table, String column, UUID row) {
        return subject.key()
                .seal(text.getBytes(StandardCharsets.UTF_8), new AssociatedData(tenant, table, column, row));
    }
}
