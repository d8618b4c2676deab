using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class WebhookEndpointConfiguration : IEntityTypeConfiguration<WebhookEndpoint>
{
    public void Configure(EntityTypeBuilder<WebhookEndpoint> endpoint)
    {
        endpoint.ToTable("webhook_endpoints");
        endpoint.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        endpoint.HasIndex(row => new { row.AccountId, row.CreatedAt });
    }
}

internal sealed class WebhookEventConfiguration : IEntityTypeConfiguration<WebhookEvent>
{
    public void Configure(EntityTypeBuilder<WebhookEvent> webhookEvent)
    {
        webhookEvent.ToTable("webhook_events");
        webhookEvent.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        webhookEvent.HasIndex(row => new { row.AccountId, row.CreatedAt });
        // No foreign key: an event remains after its task is deleted.
        webhookEvent.HasIndex(row => row.TaskId);
        webhookEvent.HasIndex(row => row.CreatedAt);
    }
}

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> delivery)
    {
        delivery.ToTable("webhook_deliveries");
        delivery.HasOne<WebhookEvent>().WithMany().HasForeignKey(row => row.EventId).OnDelete(DeleteBehavior.Cascade);
        delivery.HasOne<WebhookEndpoint>().WithMany().HasForeignKey(row => row.EndpointId).OnDelete(DeleteBehavior.Cascade);
        delivery.Property(row => row.State).HasConversion(LowerCase.Of<DeliveryState>());
        delivery.HasIndex(row => new { row.EventId, row.EndpointId }).IsUnique();
        delivery.HasIndex(row => row.EndpointId);
        delivery.HasIndex(row => row.NextAttemptAt).HasFilter("next_attempt_at IS NOT NULL");
    }
}

internal sealed class WebhookAttemptConfiguration : IEntityTypeConfiguration<WebhookAttempt>
{
    public void Configure(EntityTypeBuilder<WebhookAttempt> attempt)
    {
        attempt.ToTable("webhook_attempts");
        attempt.HasOne<WebhookDelivery>().WithMany().HasForeignKey(row => row.DeliveryId).OnDelete(DeleteBehavior.Cascade);
        attempt.Property(row => row.Error).HasMaxLength(WebhookAttempt.MaxErrorLength);
        attempt.HasIndex(row => row.DeliveryId);
        attempt.HasIndex(row => new { row.EndpointId, row.SentAt });
    }
}
