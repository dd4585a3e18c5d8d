// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.graphql;

import eu.aval.server.access.Connection;
import eu.aval.server.access.LookUp;
import eu.aval.server.access.Operator;
import eu.aval.server.access.PageRequest;
import eu.aval.server.access.Unmask;
import eu.aval.server.access.UnmaskResult;
import eu.aval.server.inbound.InboundFilter;
import eu.aval.server.inbound.InboundMessage;
import eu.aval.server.inbound.InboundMessages;
import eu.aval.server.inbound.reply.Meaning;
import eu.aval.server.tenant.Tenants;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** What somebody wrote, by number. */
@Controller
class InboundController {

    private final InboundMessages messages;
    private final Tenants tenants;

    InboundController(InboundMessages messages, Tenants tenants) {
        this.messages = messages;
        this.tenants = tenants;
    }

    @QueryMapping
    Mono<Connection<InboundMessage>> inboundMessagesByNumber(
            @Argument LookUp.Input lookUp,
            @Argument @Nullable Set<Meaning> meaning,
            @Argument @Nullable Instant receivedFrom,
            @Argument @Nullable Instant receivedBefore,
            @Argument Integer first,
            @Argument @Nullable String after,
            @ContextValue Operator operator) {
        LookUp wanted = LookUp.of(lookUp, operator);
        PageRequest page = PageRequest.of(first, after);
        InboundFilter filter =
                new InboundFilter(meaning == null ? Set.of() : meaning, null, receivedFrom, receivedBefore);
        return tenants.require(wanted.tenant())
                .flatMap(tenant -> messages.lookUp(wanted, filter, page))
                .map(found -> Connection.of(found, page, InboundMessage::id));
    }

    @MutationMapping
    Mono<UnmaskResult> unmaskInboundMessage(
            @Argument Unmask.Input unmask, @Argument Set<Unmask.Field> fields, @ContextValue Operator operator) {
        return messages.unmask(Unmask.of(unmask, fields, InboundMessages.UNMASKABLE, operator));
    }

    @SchemaMapping
    @Nullable
    String from(InboundMessage message) {
        var from = message.from();
        return from == null ? null : from.masked();
    }

    @SchemaMapping
    @Nullable
    String text(InboundMessage message) {
        var text = message.text();
        return text == null ? null : text.masked();
    }
}
