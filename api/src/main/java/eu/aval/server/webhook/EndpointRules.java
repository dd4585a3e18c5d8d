// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import eu.aval.server.shared.Characters;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.webhook.delivery.Targets;
import eu.aval.server.webhook.store.EndpointRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What an endpoint may be like, and what may be left out of events. */
@Component
final class EndpointRules {

    private static final int MOST_FIELDS = 50;

    private final Targets targets;
    private final EndpointRows rows;

    EndpointRules(Targets targets, EndpointRows rows) {
        this.targets = targets;
        this.rows = rows;
    }

    Mono<Void> check(WebhookEndpoint.Draft draft) {
        return Mono.defer(() -> {
            List<Problem.Field> wrong = new ArrayList<>();
            String defect = targets.defect(draft.url());
            if (defect != null) {
                wrong.add(new Problem.Field("/url", "INVALID_URL", defect));
            }
            String description = draft.description();
            if (description != null && (description.isBlank() || description.length() > 200)) {
                wrong.add(new Problem.Field("/description", "INVALID_LENGTH", "1 to 200 characters"));
            } else if (description != null && !Characters.canBeKept(description)) {
                wrong.add(new Problem.Field(
                        "/description", "INVALID_VALUE", "Without U+0000 and halves of surrogate pairs"));
            }
            types(draft.types(), wrong);
            fields(draft.excludedFields(), "/excludedFields", wrong);
            return wrong.isEmpty() ? Mono.empty() : Mono.error(invalid(wrong));
        });
    }

    static void types(List<String> types, List<Problem.Field> wrong) {
        if (!EventTypes.ALL.containsAll(types) || new HashSet<>(types).size() < types.size()) {
            wrong.add(new Problem.Field("/types", "INVALID_VALUE", "Types of events, each once"));
        }
    }

    static void fields(List<String> fields, String pointer, List<Problem.Field> wrong) {
        if (fields.size() > MOST_FIELDS) {
            wrong.add(new Problem.Field(pointer, "INVALID_VALUE", "Up to 50 names of fields"));
            return;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (EventTypes.ALWAYS.contains(fields.get(i))) {
                wrong.add(new Problem.Field(
                        pointer + "/" + i, "INVALID_VALUE", "Without id and status an event says nothing"));
            } else if (!EventTypes.FIELDS.contains(fields.get(i))) {
                wrong.add(new Problem.Field(pointer + "/" + i, "UNKNOWN", "No event has such a field"));
            }
        }
    }

    static Problem invalid(List<Problem.Field> wrong) {
        return new Problem(ProblemType.INVALID_REQUEST, "The request has invalid fields", wrong);
    }

    /** An application that owns something is one of the tenant's, with a key at work; null is the tenant itself. */
    Mono<Void> owner(DatabaseClient db, TenantId tenant, @Nullable UUID apiKeyId) {
        return apiKeyId == null
                ? Mono.empty()
                : rows.hasKey(db, tenant, apiKeyId)
                        .flatMap(exists -> exists
                                ? Mono.<Void>empty()
                                : Mono.error(invalid(List.of(new Problem.Field(
                                        "/apiKeyId", "UNKNOWN", "The tenant has no such key at work")))));
    }
}
