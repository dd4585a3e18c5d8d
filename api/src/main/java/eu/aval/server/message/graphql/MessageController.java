// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.graphql;

import eu.aval.server.access.Connection;
import eu.aval.server.access.LookUp;
import eu.aval.server.access.Operator;
import eu.aval.server.access.PageRequest;
import eu.aval.server.access.Unmask;
import eu.aval.server.access.UnmaskResult;
import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.message.Message;
import eu.aval.server.message.MessageFilter;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.Messages;
import eu.aval.server.message.Messages.Course;
import eu.aval.server.message.SubmittedPart;
import eu.aval.server.message.TimelineEntry;
import eu.aval.server.policy.VerdictJson;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenants;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.dataloader.DataLoader;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.BatchMapping;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.graphql.execution.BatchLoaderRegistry;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages by number. What is more about each message of a page is read for the whole page at once, however many there are.
 */
@Controller
class MessageController {

    record TimelineDetail(String name, String value) {}

    record Receipt(
            Instant receivedAt,
            @Nullable UUID carrierAccountId,
            @Nullable String carrierMessageId,
            @Nullable Integer part,
            @Nullable String state,
            boolean applied,
            @Nullable String failureClass,
            @Nullable String carrierCode,
            @Nullable String raw) {

        static Receipt of(TimelineEntry entry) {
            return new Receipt(
                    entry.at(),
                    entry.carrierAccountId(),
                    entry.carrierMessageId(),
                    entry.part(),
                    entry.state(),
                    Boolean.TRUE.equals(entry.applied()),
                    entry.failureClass(),
                    entry.carrierCode(),
                    entry.raw());
        }
    }

    private final Messages messages;
    private final CarrierAccounts accounts;
    private final Tenants tenants;
    private final JsonMapper json;

    MessageController(
            Messages messages,
            CarrierAccounts accounts,
            Tenants tenants,
            JsonMapper json,
            BatchLoaderRegistry registry) {
        this.messages = messages;
        this.accounts = accounts;
        this.tenants = tenants;
        this.json = json;
        registry.forTypePair(Message.class, Course.class)
                .registerMappedBatchLoader((page, environment) -> byTenant(page, messages::courses));
    }

    @QueryMapping
    Mono<Connection<Message>> messagesByNumber(
            @Argument LookUp.Input lookUp,
            @Argument @Nullable String purpose,
            @Argument @Nullable Set<MessageStatus> status,
            @Argument @Nullable Instant acceptedFrom,
            @Argument @Nullable Instant acceptedBefore,
            @Argument Integer first,
            @Argument @Nullable String after,
            @ContextValue Operator operator) {
        LookUp wanted = LookUp.of(lookUp, operator);
        PageRequest page = PageRequest.of(first, after);
        MessageFilter filter = new MessageFilter(
                status == null ? Set.of() : status, purpose, null, null, acceptedFrom, acceptedBefore);
        return tenants.require(wanted.tenant())
                .flatMap(tenant -> messages.lookUp(wanted, filter, page))
                .map(found -> Connection.of(found, page, Message::id));
    }

    @MutationMapping
    Mono<UnmaskResult> unmaskMessage(
            @Argument Unmask.Input unmask, @Argument Set<Unmask.Field> fields, @ContextValue Operator operator) {
        return messages.unmask(Unmask.of(unmask, fields, Messages.UNMASKABLE, operator));
    }

    @SchemaMapping
    TenantId tenantId(Message message) {
        return message.tenant();
    }

    @SchemaMapping(typeName = "Message", field = "final")
    boolean isFinal(Message message) {
        return message.status().isFinal();
    }

    @SchemaMapping
    ShownVerdict verdict(Message message) {
        return ShownVerdict.of(VerdictJson.read(message.verdict()));
    }

    @BatchMapping
    Mono<Map<Message, String>> text(Set<Message> page) {
        return byTenant(
                        page,
                        (tenant, theirs) -> messages.texts(
                                tenant, theirs.stream().map(Message::id).toList()))
                .map(texts -> texts.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, each -> each.getValue().masked())));
    }

    @SchemaMapping
    CompletableFuture<List<TimelineEntry>> timeline(Message message, DataLoader<Message, Course> courses) {
        return courses.load(message).thenApply(Course::timeline);
    }

    @SchemaMapping
    CompletableFuture<List<SubmittedPart>> submittedParts(Message message, DataLoader<Message, Course> courses) {
        return courses.load(message).thenApply(Course::parts);
    }

    @SchemaMapping
    CompletableFuture<List<Receipt>> receipts(Message message, DataLoader<Message, Course> courses) {
        return courses.load(message)
                .thenApply(course -> course.timeline().stream()
                        .filter(entry -> entry.type().equals(TimelineEntry.RECEIPT))
                        .map(Receipt::of)
                        .toList());
    }

    @SchemaMapping
    @Nullable
    String carrierAccount(TimelineEntry entry) {
        UUID id = entry.carrierAccountId();
        CarrierAccount account = id == null ? null : accounts.find(id);
        return account == null ? null : account.name();
    }

    @SchemaMapping
    List<TimelineDetail> details(TimelineEntry entry) {
        String detail = entry.detail();
        return detail == null
                ? List.of()
                : json.readTree(detail)
                        .propertyStream()
                        .map(property -> new TimelineDetail(property.getKey(), shown(property.getValue())))
                        .toList();
    }

    private static String shown(JsonNode value) {
        return value.isValueNode() ? value.asString() : value.toString();
    }

    /** Of one tenant after the other: a query may look into several. */
    private static <T> Mono<Map<Message, T>> byTenant(
            Set<Message> page, BiFunction<TenantId, List<Message>, Mono<Map<UUID, T>>> read) {
        Map<TenantId, List<Message>> byTenant = new HashMap<>();
        page.forEach(message -> byTenant.computeIfAbsent(message.tenant(), tenant -> new ArrayList<>())
                .add(message));
        return Flux.fromIterable(byTenant.entrySet())
                .concatMap(each -> read.apply(each.getKey(), each.getValue()).map(found -> {
                    Map<Message, T> theirs = new HashMap<>();
                    for (Message message : each.getValue()) {
                        T value = found.get(message.id());
                        if (value != null) {
                            theirs.put(message, value);
                        }
                    }
                    return theirs;
                }))
                .collect(HashMap::new, Map::putAll);
    }
}
