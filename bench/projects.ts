/** Generated input of the benchmark. */

/** Compose, Dockerfile, Kubernetes and `.env`: what a small service has. */
export const smallProject: Readonly<Record<string, string>> = {
  "compose.yaml": `services:
  api:
    build: .
    ports: ["127.0.0.1:8000:8000"]
    env_file: .env
    environment:
      DATABASE_URL: postgres://app:\${DB_PASSWORD}@db:5432/app
    depends_on: [db]
  db:
    image: postgres:16.4
    volumes: ["data:/var/lib/postgresql/data"]
volumes:
  data: {}
`,
  Dockerfile: `FROM python:3.12.4-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
FROM python:3.12.4-slim
COPY --from=build /app /app
USER 1000
EXPOSE 8000
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
`,
  ".env": "DB_PASSWORD=\nCORS_ORIGINS=https://app.example.com\nLOG_LEVEL=INFO\n",
  "deploy.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  replicas: 2
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      containers:
        - name: api
          image: registry.example.com/api:1.4.2
          ports: [{ containerPort: 8000 }]
`,
};

/** A Deployment and its Service, 1.8 KB, different for each number. */
export const manifest = (n: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-${n}
  namespace: team-${n % 50}
  labels:
    app.kubernetes.io/name: service-${n}
    app.kubernetes.io/part-of: platform
spec:
  replicas: ${1 + (n % 4)}
  selector:
    matchLabels:
      app.kubernetes.io/name: service-${n}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: service-${n}
      annotations:
        prometheus.io/scrape: "true"
    spec:
      serviceAccountName: service-${n}
      securityContext:
        runAsNonRoot: true
        runAsUser: ${1000 + (n % 1000)}
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: registry.example.com/team-${n % 50}/service-${n}:1.${n % 30}.${n % 7}
          imagePullPolicy: IfNotPresent
          ports:
            - name: http
              containerPort: ${8000 + (n % 100)}
          env:
            - name: LOG_LEVEL
              value: info
            - name: DATABASE_URL
              valueFrom:
                secretKeyRef:
                  name: service-${n}
                  key: database-url
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          livenessProbe:
            httpGet:
              path: /live
              port: http
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: ["ALL"]
---
apiVersion: v1
kind: Service
metadata:
  name: service-${n}
  namespace: team-${n % 50}
spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: service-${n}
  ports:
    - name: http
      port: 80
      targetPort: http
`;
