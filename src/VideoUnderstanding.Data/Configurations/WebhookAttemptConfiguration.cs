using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

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
