import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { tagged } from "../../api/tags";
import type { PageQuery } from "../../ui/paged";

export type Webhook = Document<"WebhookView">;
export type Delivery = Document<"DeliveryView">;
export type DeliveryState = Delivery["state"];

export const WEBHOOKS = ["webhooks"];
export const STATES: readonly DeliveryState[] = ["pending", "succeeded", "failed", "cancelled"];

export function listWebhooks(query: PageQuery) {
  return answered(api.GET("/v1/webhooks", { params: { query } }));
}

export function webhookOf(webhook: string) {
  return queryOptions({
    queryKey: [...WEBHOOKS, webhook],
    queryFn: () => tagged(api.GET("/v1/webhooks/{webhook}", { params: { path: { webhook } } })),
  });
}

/** Since when its receiver fails. The answer of the webhook itself would be the same, so it would not be read again. */
export function healthOf(webhook: string) {
  return queryOptions({
    queryKey: [...WEBHOOKS, webhook, "health"],
    queryFn: () => answered(api.GET("/v1/webhooks/{webhook}/health", { params: { path: { webhook } } })),
  });
}

export function deliveriesTo(webhook: string, state: DeliveryState | undefined) {
  return (page: PageQuery) =>
    answered(
      api.GET("/v1/webhooks/{webhook}/deliveries", {
        params: { path: { webhook }, query: { ...page, ...(state === undefined ? {} : { state }) } },
      }),
    );
}

/** One delivery with the body that it sends. */
export function deliveryOf(webhook: string, delivery: string) {
  return queryOptions({
    queryKey: [...WEBHOOKS, webhook, "delivery", delivery],
    queryFn: () =>
      answered(api.GET("/v1/webhooks/{webhook}/deliveries/{delivery}", { params: { path: { webhook, delivery } } })),
  });
}
