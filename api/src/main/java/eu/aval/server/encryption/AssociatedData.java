// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import eu.aval.server.shared.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Where a sealed value stands. A value moved to another row, column, table or tenant does not open: requirement 25.
 */
public record AssociatedData(TenantId tenant, String table, String column, UUID row) {

    static AssociatedData ofSubjectKey(TenantId tenant, UUID subjectId) {
        return new AssociatedData(tenant, "subject_key", "wrapped", subjectId);
    }

    byte[] bytes() {
        return (tenant + "|" + table + "|" + column + "|" + row).getBytes(StandardCharsets.UTF_8);
    }
}
