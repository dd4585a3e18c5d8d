// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
import java.util.List;
import org.example.aval.ApiClient;
import org.example.aval.ApiException;
import org.example.aval.ApiResponse;
import org.example.aval.api.MessagesApi;
import org.example.aval.model.BatchRequest;
import org.example.aval.model.BatchResult;
import org.example.aval.model.MessageWithTimeline;
import org.example.aval.model.Problem;
import org.example.aval.model.SendRequest;
import org.example.aval.model.SendResult;

/** What a partner writes against the generated client; says what it got, one thing a line. */
public final class FirstMessage {

    public static void main(String[] urlAndKey) throws Exception {
        ApiClient client = new ApiClient();
        client.updateBaseUri(urlAndKey[0]);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + urlAndKey[1]));
        MessagesApi messages = new MessagesApi(client);
        SendRequest order =
                new SendRequest().to("+33639980000").text("Your order has left.").purpose("transactional");

        ApiResponse<SendResult> first = messages.sendMessageWithHttpInfo(order, "java-4711");
        System.out.println("sent " + first.getStatusCode() + " " + replayed(first));
        ApiResponse<SendResult> again = messages.sendMessageWithHttpInfo(order, "java-4711");
        System.out.println("sent " + again.getStatusCode() + " " + replayed(again) + " "
                + again.getData().getId().equals(first.getData().getId()));

        MessageWithTimeline message = messages.getMessage(first.getData().getId());
        while (!message.getFinal()) {
            Thread.sleep(100);
            message = messages.getMessage(first.getData().getId());
        }
        System.out.println(message.getStatus() + " " + message.getTo().contains("*") + " "
                + message.getTimeline().get(0).getType());
        System.out.println("listed " + !messages.listMessages(null, "transactional", null, null, null, 10, null)
                .getItems()
                .isEmpty());

        BatchResult batch = messages.sendBatch(
                new BatchRequest()
                        .messages(List.of(
                                order, new SendRequest().to("+33").text("To nobody.").purpose("transactional"))),
                null);
        System.out.println("batch " + batch.getAccepted() + " " + batch.getRefused() + " "
                + batch.getItems().get(1).getProblem().getCode());
        try {
            messages.sendMessage(new SendRequest().to("+33639980000").text("Hello").purpose("fun"), null);
        } catch (ApiException e) {
            Problem problem = client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
            System.out.println("problem " + e.getCode() + " " + problem.getCode() + " " + problem.getRetryable());
        }
    }

    private static boolean replayed(ApiResponse<SendResult> answer) {
        return answer.getHeaders().containsKey("idempotency-replayed");
    }
}
