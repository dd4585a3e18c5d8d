// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.server.contact.Age;
import eu.aval.server.shared.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** What many people have consented to and objected to, in one statement of the transaction of {@code client}. */
public interface Permissions {

    /** A question about a subject and a purpose. Under the platform role, tenants may be mixed. */
    record Question(TenantId tenant, UUID subject, UUID purpose) {}

    /**
     * What is on record about it.
     *
     * @param consent the recipient's newest record; null if there is none
     * @param guardian the newest record of a guardian; null if there is none, or the recipient was never a child here
     * @param age of the recipient
     * @param suppressions those in force, of any sender and class
     */
    record Answer(@Nullable Consent consent, @Nullable Consent guardian, Age age, List<Suppression> suppressions) {}

    /** An answer for each question. */
    Mono<Map<Question, Answer>> of(DatabaseClient client, Collection<Question> questions);
}
