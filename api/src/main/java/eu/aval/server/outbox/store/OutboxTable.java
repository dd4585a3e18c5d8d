// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.outbox.store;

import eu.aval.server.outbox.Outbox;
import eu.aval.server.outbox.OutboxEvent;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** {@code aval.outbox}. */
@Component
class OutboxTable implements Outbox {

    private static final String APPEND =
            INSERT + "select $1, $2::uuid, $3, now(), $4::jsonb where " + Outbox.isListenedTo("$1");

    private final JsonMapper json;

    OutboxTable(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Mono<Void> append(DatabaseClient client, OutboxEvent event) {
        return Mono.defer(() -> client.sql(APPEND)
                .bind(0, event.tenant().value())
                .bind(1, Parameters.in(R2dbcType.VARCHAR, text(event.subjectId())))
                .bind(2, event.type())
                .bind(3, json.writeValueAsString(data(event)))
                .then());
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }

    private static Map<String, Object> data(OutboxEvent event) {
        Map<String, Object> data = new LinkedHashMap<>();
        event.data().forEach((name, value) -> {
            if (value != null) {
                data.put(name, value instanceof Instant || value instanceof UUID ? value.toString() : value);
            }
        });
        return data;
    }
}
