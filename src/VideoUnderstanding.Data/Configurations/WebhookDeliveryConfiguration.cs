using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

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
