using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <summary>Makes the rows of open tasks the queue: attempts with tokens, delays, and the device of nodes.</summary>
    public partial class TaskQueue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateSequence(
                name: "attempt_tokens");

            migrationBuilder.AddColumn<string>(
                name: "device",
                table: "nodes",
                type: "text",
                nullable: false,
                defaultValue: "cpu");

            migrationBuilder.AddColumn<long>(
                name: "attempt_token",
                table: "indexing_tasks",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "node",
                table: "indexing_tasks",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "retry_at",
                table: "indexing_tasks",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_indexing_tasks_retry_at",
                table: "indexing_tasks",
                column: "retry_at",
                filter: "retry_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_indexing_tasks_running",
                table: "indexing_tasks",
                column: "account_id",
                filter: "attempt_token IS NOT NULL AND state IN ('validating', 'pending', 'indexing')");

            migrationBuilder.CreateIndex(
                name: "ix_indexing_tasks_waiting",
                table: "indexing_tasks",
                columns: new[] { "account_id", "created_at", "id" },
                filter: "attempt_token IS NULL AND retry_at IS NULL AND state IN ('validating', 'pending', 'indexing')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_indexing_tasks_retry_at",
                table: "indexing_tasks");

            migrationBuilder.DropIndex(
                name: "ix_indexing_tasks_running",
                table: "indexing_tasks");

            migrationBuilder.DropIndex(
                name: "ix_indexing_tasks_waiting",
                table: "indexing_tasks");

            migrationBuilder.DropColumn(
                name: "device",
                table: "nodes");

            migrationBuilder.DropColumn(
                name: "attempt_token",
                table: "indexing_tasks");

            migrationBuilder.DropColumn(
                name: "node",
                table: "indexing_tasks");

            migrationBuilder.DropColumn(
                name: "retry_at",
                table: "indexing_tasks");

            migrationBuilder.DropSequence(
                name: "attempt_tokens");
        }
    }
}
