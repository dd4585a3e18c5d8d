// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.personaldata;

import eu.aval.server.shared.TenantId;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;

/**
 * A feature that stores data about people says so by a bean of this type: which columns, how to hand them out, and how
 * to erase them. A test compares the columns with {@code schema/database/classification.yaml} and with the live database;
 * a personal column without a holder fails the build.
 */
public interface PersonalDataHolder {

    /** Stable name, as in the classification. */
    String name();

    /** Lower runs first: a holder that needs another's rows to find its own erases before it. */
    int order();

    /** The columns it answers for, as {@code table.column}. */
    Set<String> columns();

    /** Everything held about a subject, in clear, one map per row. GDPR art. 15. Cold, repeatable. */
    Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access);

    /** Erases what it may. Idempotent and safe to resume; completes when it is durable. Emits the number of rows. */
    Publisher<Long> erase(TenantId tenant, UUID subjectId);
}
